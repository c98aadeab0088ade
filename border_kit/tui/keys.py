"""The help page, made from the screens' own bindings, so that it never says anything else than they do."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding

from border_kit.text import clean_line


def help_text() -> str:
    """Every key of every screen."""
    from border_kit.tui.screens import (  # the screens import the application's parts
        base,
        cases,
        certificate,
        classes,
        compare,
        data,
        debriefing,
        drill,
        due,
        entry,
        files,
        home,
        ledger,
        licence,
        look,
        names,
        new,
        observations,
        office,
        pack,
        page,
        result,
        runs,
        scenarios,
        sync,
        training,
        triage,
        workshop,
    )

    screens = (
        ("On every screen", base.DeskScreen),
        ("Home", home.HomeScreen),
        ("New check", new.NewScreen),
        ("Open a file", files.FilesScreen),
        ("Answer", result.ResultScreen),
        ("Triage", triage.TriageScreen),
        ("Cases", cases.CasesScreen),
        ("Catalog", look.LookScreen),
        ("Catalog page", entry.EntryScreen),
        ("Names", names.NamesScreen),
        ("Side by side", compare.CompareScreen),
        ("Licence", licence.LicenceScreen),
        ("Certificate", certificate.CertificateScreen),
        ("Ledger", ledger.LedgerScreen),
        ("Obligations", due.DueScreen),
        ("Runs", runs.RunsScreen),
        ("Office", office.OfficeScreen),
        ("Observations", observations.ObservationsScreen),
        ("Data", data.DataScreen),
        ("Update", sync.SyncScreen),
        ("Training", scenarios.ScenariosScreen),
        ("A scenario", training.TrainingScreen),
        ("Debrief", debriefing.DebriefScreen),
        ("Drill", drill.DrillScreen),
        ("Classes", classes.ClassesScreen),
        ("Pack", pack.PackScreen),
        ("Workshop", workshop.WorkshopScreen),
        ("Preview", workshop.PreviewScreen),
        ("Pages", page.PageScreen),
    )
    rows = [
        "Arrows move, Enter chooses, Tab goes to the next field, Esc goes back.",
        "Ctrl+P opens the list of commands, Ctrl+Q leaves the kit.",
        "The kit advises release, document check, examine, or detain and refer. It never says",
        '"not controlled": nothing found means nothing found, and catch-all still applies.',
    ]
    for title, screen in screens:
        own = screen.__dict__.get("BINDINGS", ())
        rows += ["", title, *(f"  {key:8} {what}" for key, what in _described(own))]
    return "\n".join(rows)


def _described(bindings: object) -> Iterator[tuple[str, str]]:
    assert isinstance(bindings, list | tuple)  # a class's own list of bindings
    for binding in bindings:
        if isinstance(binding, Binding) and binding.show and binding.description:
            yield binding.key_display or binding.key.upper(), clean_line(binding.description)
