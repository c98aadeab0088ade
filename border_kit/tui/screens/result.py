"""The sixty-second screen: one shipment, its verdict, what it rests on, and the decision on a function key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from border_kit.casework.acts import ACTS, Entry
from border_kit.casework.case import Case
from border_kit.casework.notices import KINDS
from border_kit.desk import cases, render, render_names, render_office, render_policy, trial
from border_kit.desk.desk import Desk
from border_kit.errors import BorderKitError, UsageError
from border_kit.shipment.model import Shipment, to_json
from border_kit.tui import plain, sheet
from border_kit.tui.dialogs.ask import ChoiceDialog, ReasonDialog
from border_kit.tui.dialogs.rate import RatingDialog
from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

Document = Mapping[str, Any]

ANSWER_ROWS = (
    ("yes", "Yes"),
    ("no", "No"),
    ("not_known", "Not known (never counts as no)"),
    ("value", "A value: type it"),
)
RATE = "rate"
STATEMENT = "statement"
CAPABILITIES = "capabilities"
TICK_ROWS = ANSWER_ROWS[:3]
DRAW = ("draw", "Draw on the licences that the shipment declares")
MERGE = ("merge", "Weigh it by other authorities' profiles too")
FORMS: Mapping[str, Sequence[Entry]] = {
    **{name: act.form for name, act in ACTS.items()},
    "countersign": (),
    "refuse": (Entry("reason", "Why shall the decision not stand?"),),
    "attach": (Entry("file", "Which file (its path)?"),),
    "inspect": (
        Entry("licensed", "Serial numbers licensed, with blanks between"),
        Entry("seen", "Serial numbers seen, with blanks between", needed=False),
    ),
    "software": (
        Entry("list", "The maker's signed list (its path)?"),
        Entry("folder", "The folder with the files supplied?"),
        Entry("key", "The maker's public key, as the maker gave it?", needed=False),
    ),
    "paper": (Entry("kind", "Which paper?", tuple(KINDS)), Entry("print", "Print it now?", ("no", "yes"))),
}


class ResultScreen(DeskScreen):
    """One shipment's answer, live or from a case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "decide('release')", "Release"),
        Binding("f3", "decide('document_check')", "Docs"),
        Binding("f4", "decide('examine')", "Exam"),
        Binding("f5", "decide('detain_and_refer')", "Hold"),
        Binding("f6", "why", "Why"),
        Binding("f8", "answer", "Ask"),
        Binding("f9", "act", "Act"),
    ]

    def __init__(
        self, shipment: Shipment | None, document: Document, case: Case | None = None, *, item: int | None = None
    ) -> None:
        """Show an assessment; `case` is set when it is one already, `item` where it stands in the triage queue."""
        super().__init__()
        self._item = item
        self._shipment = shipment
        self._document = document
        self._case = case
        self._declared: Document = case.shipment if case else (to_json(shipment) if shipment else {})
        self._precedents: list[Document] = []
        self.heading = f"shipment {document['id']}"

    def body(self) -> ComposeResult:
        """The sheet."""
        with VerticalScroll():
            yield Text(id="sheet")

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(VerticalScroll).focus()
        self._refresh()
        self._look_back()

    @work(exclusive=True, group="precedents")
    async def _look_back(self) -> None:
        """Rulings of past cases on like lines are shown with what is found here."""
        lines, own = self._declared.get("lines", ()), self._case.row.case_id if self._case else None
        found = await self.ask(lambda desk: cases.precedents(desk, [("", lines)])) or []
        self._precedents = [row for row in found if row["case"] != own]
        if self._precedents:
            self._refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the sheet out again."""
        super().on_resize(event)
        self._refresh()

    def _refresh(self) -> None:
        width = max(40, self.size.width - 4)
        rows = sheet.sheet(self._document, width, self._declared)
        for row in self._precedents:
            rows += sheet.wrapped("RULED", render_office.precedent(row), width)
        if self._case:
            rows = [*self._decided(width), *rows, *self._history(width)]
        self.query_one("#sheet", Text).show(plain.lines(rows))
        self.title_is(self._title())

    def _title(self) -> str:
        declared = self._declared
        ends = " → ".join(str(end) for end in (_first_country(declared), declared.get("destination")) if end)
        number = f"CASE {self._case.row.case_id}" if self._case else "NEW"
        return f"{number}  {ends}  {self._document['id']}"

    def _decided(self, width: int) -> list[Content]:
        """The decision that stands, above everything else."""
        assert self._case is not None  # called for cases only
        row = self._case.row
        return list(sheet.wrapped("DECIDED", f"{row.decision} at {row.decided_at}", width)) if row.decision else []

    def _history(self, width: int) -> list[Content]:
        assert self._case is not None  # called for cases only
        rows: list[Content] = []
        for event in self._case.events[1:]:
            rows += sheet.wrapped(f"#{event.seq}", f"{event.at} {render.told(event.to_json())}", width)
        return rows

    def page_text(self) -> str:
        """The whole answer as text."""
        return render.case(self._case.to_json()) if self._case else render.assessment(self._document)

    def action_why(self) -> None:
        """Every finding, every rule's view."""
        rows = [render.assessment(self._document), "", render_policy.why(self._document), "", "NAMES, TOKEN BY TOKEN"]
        rows += [
            render_names.screening(party["name"], party["screening"])
            for party in self._document["parties"]
            if party["screening"] and party["screening"]["hits"]
        ]
        rows += ["", "GOODS, WORD BY WORD"]
        rows += [
            render.classification(line["description"], line["classification"])
            for line in self._document["lines"]
            if line["classification"]
        ]
        self.app.push_screen(PageScreen(f"why: {self._document['id']}", "\n".join(rows)))

    @work(exclusive=True)
    async def action_answer(self) -> None:
        """Answer a question, or rate the goods step by step; the assessment is made again with every answer."""
        missing = self._missing()
        rows = [(row["id"], row["text"]) for row in self._document["questions"]]
        if missing:
            rows.insert(0, (RATE, f"Rate the goods step by step: {len(missing)} parameters are missing"))
        rows += self._checklists()
        if not rows:
            plain.tell(self.app, "Nothing is left to ask.")
            return
        question = await self.app.push_screen_wait(ChoiceDialog("Which question?", rows))
        if question == RATE:
            await self._rate(missing)
        elif question in (STATEMENT, CAPABILITIES):
            await self._tick(question)
        elif question is not None:
            one = [row for row in missing if row["id"] == question]
            await (self._rate(one, only=True) if one else self._ask_freely(question, dict(rows)[question]))

    def _checklists(self) -> list[tuple[str, str]]:
        """The checklists that ask something of these goods."""
        risk, rows = self._document.get("risk") or {}, []
        if risk.get("statement"):
            rows.append((STATEMENT, f"End-user statement: {render_policy.statement_state(risk['statement'])}"))
        if risk.get("capabilities"):
            rows.append((CAPABILITIES, f"What the goods can do: {len(risk['capabilities']['open'])} still to ask"))
        return rows

    async def _tick(self, name: str) -> None:
        """Answer what a checklist leaves open, one after the other; each once, Esc stops. Where nothing is open, all of it again."""
        asked: set[str] = set()
        everything = not render_policy.to_tick((self._document["risk"] or {})[name], everything=False)
        while True:
            rows = render_policy.to_tick((self._document["risk"] or {})[name], everything=everything)
            left = [row for row in rows if row[0] not in asked]
            if not left:
                plain.tell(self.app, "Every line of the list was asked.")
                return
            key, text, values = left[0]
            asked.add(key)
            shown = f"{text}  ({len(left)} to ask)"
            answer = await self.app.push_screen_wait(ChoiceDialog(shown, ANSWER_ROWS if values else TICK_ROWS))
            if answer == "value":
                answer = await self.app.push_screen_wait(ReasonDialog(text))
            if answer is None or not await self._ensure_case():
                return
            wrong = await self._record_answer(key, answer)
            if wrong:
                plain.tell(self.app, wrong, severe=True)

    def _missing(self) -> list[Document]:
        return list(self._document.get("open_parameters", ()))

    async def _ask_freely(self, question: str, text: str) -> None:
        ticked = await self.ask(lambda desk: question in cases.yes_or_no(desk))
        answer = await self.app.push_screen_wait(ChoiceDialog(text, TICK_ROWS if ticked else ANSWER_ROWS))
        if answer == "value":
            answer = await self.app.push_screen_wait(ReasonDialog(text))
        if answer is not None and await self._ensure_case():
            wrong = await self._record_answer(question, answer)
            if wrong:
                plain.tell(self.app, wrong, severe=True)

    async def _rate(self, rows: list[Document], *, only: bool = False) -> None:
        """Ask the missing parameters one at a time; after each answer the goods are classified again, and so is what to ask."""
        asked: set[str] = set()
        wrong = ""
        while rows:
            row = rows[0]
            step = f"Line {row['line']}, entry {row['code']}: {len(rows)} to ask"
            goods = next((line["description"] for line in self._document["lines"] if line["no"] == row["line"]), "")
            answer = await self.app.push_screen_wait(RatingDialog(row, goods, step, wrong))
            if answer is None or not await self._ensure_case():
                return
            wrong = await self._record_answer(row["id"], answer)
            if not wrong:
                asked.add(row["id"])
                rows = [] if only else [left for left in self._missing() if left["id"] not in asked]
        plain.tell(self.app, "Every open parameter was asked." if not only else "Answered.")

    async def _record_answer(self, question: str, answer: str) -> str:
        """Keep an answer and show the assessment made with it; what is wrong with the answer, or nothing."""
        number = self._case.row.case_id if self._case else ""
        try:
            self._case = await self.desk_app.backroom.ask(lambda desk: cases.answer(desk, number, question, answer))
        except UsageError as error:
            return str(error)
        except BorderKitError as error:
            self.desk_app.show_error(error)
            return str(error)
        self._document = self._case.assessment
        self._refresh()
        return ""

    @work(exclusive=True)
    async def action_decide(self, decision: str) -> None:
        """Decide. Following the advice takes one key; another way asks for the reason."""
        reason = ""
        if decision != self._document["advice"]:
            advice = render.ADVICE_WORDS[self._document["advice"]]
            asked = await self.app.push_screen_wait(
                ReasonDialog(f"The advice is to {advice}. Why {render.ADVICE_WORDS[decision]}?")
            )
            if asked is None:
                return
            reason = asked
        number = await self.ask(lambda desk: self._record_decision(desk, decision, reason))
        if number:
            plain.tell(self.app, f"Case {number}: {render.ADVICE_WORDS[decision]}, saved.")
            self._refresh()
            if decision == "release" and self._document["licences"]:
                await self._draw(number)

    async def _draw(self, number: str) -> None:
        """Draw after a confirmation; where a licence does not pass, only with the reason."""
        from border_kit.tui.screens.licence import draw_for_case

        question = f"Draw on the licences?  {'; '.join(_asked(self._document))}"
        chosen = await self.app.push_screen_wait(ChoiceDialog(question, (("draw", "Draw"), ("not", "Not now"))))
        anyway: str | None = None
        while chosen == "draw":
            try:
                told = await self.desk_app.backroom.ask(partial(draw_for_case, case=number, anyway=anyway))
            except UsageError as error:
                if error.code != "licence_held":
                    self.desk_app.show_error(error)
                    return
                anyway = await self.app.push_screen_wait(
                    ReasonDialog(f"{error.message} If the goods go all the same: why?")
                )
                chosen = "draw" if anyway else None
            except BorderKitError as error:
                self.desk_app.show_error(error)
                return
            else:
                plain.tell(self.app, told)
                return

    def _record_decision(self, desk: Desk, decision: str, reason: str) -> str:
        if self._case is None:  # in one question: leaving in between never leaves a case undecided
            self._case = self._open_case(desk)
        number = self._case.row.case_id
        cases.decide(desk, number, decision, reason)
        self._case = desk.casebook.show(number)
        return number

    @work(exclusive=True)
    async def action_act(self) -> None:
        """What else can be done to the case: refer, rule, dispute, custody, a second signature."""
        number = self._case.row.case_id if self._case else None
        rows = await self.ask(lambda desk: cases.possible(desk, number))
        if rows is not None:
            rows = [*rows[:-1], MERGE, rows[-1], *([DRAW] if self._document["licences"] else [])]
        name = await self.app.push_screen_wait(ChoiceDialog("What is to be done?", rows)) if rows else None
        if name == MERGE[0]:
            await self._merge()
            return
        if name == DRAW[0] and await self._ensure_case() and self._case:
            await self._draw(self._case.row.case_id)
            return
        values = await self._filled(FORMS[name]) if name and name in FORMS else None
        if name is None or values is None or not await self._ensure_case():
            return
        done = await self.ask(lambda desk: self._act(desk, name, values))
        if done:
            plain.tell(self.app, done)
            self._refresh()

    async def _merge(self) -> None:
        """Show what other profiles make of the same facts and answers; nothing is recorded."""
        said = await self.app.push_screen_wait(ReasonDialog("Which profiles (their files, with ; between)?"))
        files = [Path(part.strip()) for part in (said or "").split(";") if part.strip()]
        rows = await self.ask(lambda desk: self._merged(desk, files)) if files else None
        if rows:
            self.app.push_screen(PageScreen(f"joint view: {self._document['id']}", render_policy.joint(rows)))

    def _merged(self, desk: Desk, files: Sequence[Path]) -> list[dict[str, Any]]:
        others = [trial.read(file) for file in files]
        if self._case is not None:
            rows = trial.merged_case(desk, self._case.row.case_id, others)
        else:
            assert self._shipment is not None  # an assessment without a case has its shipment
            rows = trial.merged(desk.assessor, others, [self._shipment])
        return [row for row in rows if isinstance(row, dict)]

    async def _filled(self, form: Sequence[Entry]) -> dict[str, str] | None:
        """Ask every field of a form in turn; None where the officer stops."""
        values: dict[str, str] = {}
        for entry in form:
            if entry.choices:
                dialog: ChoiceDialog | ReasonDialog = ChoiceDialog(
                    entry.ask, [(word, word.replace("_", " ")) for word in entry.choices]
                )
            else:
                dialog = ReasonDialog(entry.ask, needed=entry.needed)
            said = await self.app.push_screen_wait(dialog)
            if said is None:
                return None
            values[entry.name] = said
        return values

    def _act(self, desk: Desk, name: str, values: Mapping[str, str]) -> str:
        assert self._case is not None  # the caller opened it
        number = self._case.row.case_id
        event = cases.act(desk, number, name, values)
        self._case = desk.casebook.show(number)
        return f"Case {number}: {render.told(event.to_json())}"

    async def _ensure_case(self) -> bool:
        """Open the case if it is none yet; False where that failed (the error was shown)."""
        if self._case is None:
            self._case = await self.ask(self._open_case)
        return self._case is not None

    def _open_case(self, desk: Desk) -> Case:
        assert self._shipment is not None  # an assessment without a case has its shipment
        if self._item is not None:
            return desk.bulk.case_of(self._item)
        row = desk.save_case(self._shipment, desk.assess(self._shipment))
        return desk.casebook.show(row.case_id)


def _asked(document: Document) -> list[str]:
    """What would be drawn, licence line by licence line."""
    return [
        f"{row['number']} line {line['no']}: {line['asked'] or 'no quantity stated'} {line['unit'] or ''}".strip()
        for row in document["licences"]
        for line in row["lines"]
    ]


def _first_country(declared: Document) -> str | None:
    route = declared.get("route") or ()
    if route:
        return str(route[0])
    exporter = next((row for row in declared.get("parties", ()) if row["role"] == "exporter"), None)
    return exporter["country"] if exporter else None
