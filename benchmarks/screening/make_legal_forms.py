"""Write the package's table of legal forms from the ISO 20275 code list (GLEIF ELF, CC0) in the shared data.

    python benchmarks/screening/make_legal_forms.py

A class is told from the words of the form's name; forms of no known class are left out, as are inactive codes and forms of
one word that ordinary names use. Hand-written forms (data/legal_forms.tsv) go before these.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screening import lists
from border_kit.screening.letters import folded
from border_kit.screening.tables import DATA, rows

HEAD = """# Legal forms of companies by jurisdiction, beside those of legal_forms.tsv. Columns: class, ISO 3166-1 alpha-2 codes, form.
# Made by benchmarks/screening/make_legal_forms.py from ISO 20275 (GLEIF ELF code list 1.4.1, 2023, CC0); classes by the form's words.
"""
# Words of a form's name that tell its class, in this order; Latin letters as folded, other scripts as written.
CLASSES = (
    ("cooperative", r"co-?op|genossenschaft|kooperat|spoldziel|osuuskunta|andels|ekonomisk forening|кооператив|συνεταιρ|zadruga|druzstv|תעונית|שיתופית|합동|협동|組合|合作社|تعاونية|szovetkezet|kooperatif|ühistu|uhistu"),
    ("foundation", r"stiftung|stichting|fundac|fondat|fondazione|foundation|fundatia|fundacja|stiftelse|saatio|säätiö|фонд|alapitvany|zaklada|nadac|nadace|ustanova|ιδρυμα|vakfi|vakif|재단|財団|基金|وقف|مؤسسة وقف|sihtasutus|fonds"),
    ("association", r"verein|association|asociaci|associac|associazione|vereniging|forening|yhdistys|asociatia|stowarzyszenie|ассоциац|асоціац|союз|spolek|zdruzenie|udruga|udruzenje|egyesulet|dernek|dernegi|σωματειο|협회|사단|社団|جمعية|sdružení|sdruzeni"),
    ("partnership", r"partner|comandit|kommandit|kommanditt|offene handels|nom collectif|nome collettivo|colectiva|commanditaire|vennootschap onder firma|jawna|komandyt|komandit|товариществ|командит|tiesiska|avoin yhtio|handelsbolag|ansvarlig selskap|betéti|beteti|kozkereseti|sabiedriba ar pilnu|veřejná obchodní|verejna obchodna|verejna obchodni|javno trgovacko|jtd|ομορρυθμη|ετερορρυθμη|ορtak|合伙|合名|合資|합명|합자|تضامن|توصية|usaldusuhing|taisuhing|tikroji|komanditine"),
    ("limited", r"limit|haftung|beperkte aansprakelijkheid|besloten|responsab|raspundere|odpowiedzialn|rucenim|ogranicen|ограничен|обмежен|абмежаван|felelossegu|anpartsselskab|aksjeselskap(?! allmenn)|osakeyhtio(?!.*julkinen)|einkahlutafelag|osauhing|ierobezotu|uzdaroji|περιορισμενης|ιδιωτικη κεφαλαιουχικη|有限|유한|合同会社|מוגבל|بمسؤولية|مسؤولية|مسئولية|mas.?uliyat|efthinis|vakiseleletu|privat"),
    ("joint_stock", r"joint.?stock|aktien|aktie|anonim|anonym|anonyme|azioni|acciones|accoes|ações|naamloze|akcyjna|akciova|akcion|акционер|акціонер|акцыянер|дионич|dionick|delniska|reszvenytarsasag|aktsiaselts|akciju|akcine|anonim|ανωνυμη|corporation|incorporated|inc\.?$|public limited|public company|股份|株式|주식|مساهمة|մասնակ|բաժնետիր|სააქციო|julkinen|allmennaksjeselskap|berhad|perseroan"),
    ("state", r"state|public entity|empresa publica|établissement public|etablissement public|estatal|унитарн|унітарн|state.?owned|government|anstalt des|korperschaft|state enterprise|statsforetak|valtion|предприятие|підприємство|przedsiebiorstwo panstwowe"),
    ("sole", r"sole|einzel|individual|entreprise individuelle|empresario individual|ditta individuale|индивидуальн|eenmanszaak|enskild|jednoosobowa|egyeni"),
    ("trust", r"trust|fideicom|anstalt|treuhand"),
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
LONGEST = 7


def class_of(*names: str) -> str | None:
    """The class that the words of a form's names tell."""
    text = " ".join(" ".join(_WORDS.findall(folded(name))) for name in names)
    raw = " ".join(names).casefold()
    return next((kind for kind, words in CLASSES if re.search(words, text) or re.search(words, raw)), None)


def forms_of(row: dict[str, str]) -> list[str]:
    """The names and abbreviations of one row, cleaned."""
    names = [
        row["Entity Legal Form name Local name"],
        row["Entity Legal Form name Transliterated name (per ISO 01-140-10)"],
    ]
    short = [*row["Abbreviations Local language"].split(";"), *row["Abbreviations transliterated"].split(";")]
    cleaned = (re.sub(r"\(.*?\)|\[.*?\]", " ", text).strip(" .,-–") for text in (*names, *short))
    return [" ".join(text.split()) for text in cleaned if text]


def usable(form: str, taken: set[str]) -> bool:
    """Whether a form says `legal form` and nothing else wherever it stands."""
    words = _WORDS.findall(folded(form))
    letters = sum(map(len, words))
    if not words or len(words) > LONGEST or "/" in form or "," in form or letters < 2:
        return False
    if len(words) == 1:
        # One word: an abbreviation in capitals of three letters or more, or a long word no table knows in another role.
        return words[0] not in taken and letters >= 3 and (form.isupper() or not form.isascii() or letters >= 9)
    return not all(word in taken for word in words) or any(len(word) == 1 for word in words)


def main() -> None:
    """Write the table."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = lists.shared_data()
    if folder is None:
        sys.exit("The lists are not here: set BORDER_KIT_SHARED to the folder that holds parties/.")
    taken = {folded(form.strip()) for row in rows("words.tsv") for form in row[2].split(";")}
    own = {" ".join(_WORDS.findall(folded(form))) for row in rows("legal_forms.tsv") for form in row[2].split(";")}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    path = folder / "parties/legal_forms/elf-codes-1.4.1.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            names = forms_of(row)
            kind = class_of(
                row["Entity Legal Form name Local name"],
                row["Entity Legal Form name Transliterated name (per ISO 01-140-10)"],
            )
            if row["ELF Status ACTV/INAC"] != "ACTV" or kind is None:
                continue
            for form in names:
                plain = " ".join(_WORDS.findall(folded(form)))
                if usable(form, taken) and plain not in own:
                    found[kind, plain].add(row["Country Code (ISO 3166-1)"])
    # A form of two classes says nothing of the class; the commoner one is kept.
    best: dict[str, str] = {}
    for (kind, form), countries in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        best.setdefault(form, kind)
        del countries
    lines = [
        f"{kind}\t{' '.join(sorted(found[kind, form]))}\t{form}"
        for form, kind in sorted(best.items(), key=lambda item: (item[1], item[0]))
    ]
    (DATA / "elf_forms.tsv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    countries_all = {code for codes in found.values() for code in codes}
    print(f"{len(lines)} forms of {len(countries_all)} jurisdictions")


if __name__ == "__main__":
    main()
