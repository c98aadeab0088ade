"""The casebook as a whole: is the log intact, when was it last backed up, whose retention has ended; and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from border_kit.casework import releases
from border_kit.casework.checkpoint import read_checkpoints
from border_kit.desk import feedback, keeping, publishing, render, render_office, render_policy, render_published
from border_kit.desk.desk import Desk
from border_kit.errors import BorderKitError, UsageError
from border_kit.text import whole_number
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.dialogs.form import Asked, FormDialog
from border_kit.tui.dialogs.sign_in import SignInDialog
from border_kit.tui.plain import Text
from border_kit.tui.screens.base import DeskScreen
from border_kit.tui.screens.page import PageScreen

_ADDRESS = Asked("address", "Encrypt for", hint="BKTO1;…; empty: plain")
_OUT = Asked("out", "To a new file", hint="/media/stick/cases.json")
_EXPORTS = (
    ("cases", "Cases, with the proof of the log"),
    ("table", "The list of all cases, as CSV"),
    ("pack", "An auditor's pack: the whole chain, and a sample"),
    ("statistics", "Statistics for the public, small counts hidden"),
    ("releases", "Statistics that went out before"),
)
_EXPORT_FORMS = {
    "cases": (
        Asked("cases", "Cases", hint="numbers with blanks between"),
        _OUT,
        _ADDRESS,
        Asked("files", "Attachments", value="no", hint="yes or no"),
    ),
    "table": (_OUT,),
    "pack": (
        Asked("seed", "Seed", hint="words of the auditor's choice: they draw the sample"),
        Asked("size", "Cases", value="20"),
        _OUT,
        _ADDRESS,
    ),
    "statistics": (
        Asked("period", "Period", hint="2026, 2026-Q3 or 2026-09"),
        Asked("tables", "Tables", hint="month,lane,destination; decision"),
        Asked("only", "Only", hint="direction=export; may be empty"),
        Asked("out", "New folder", hint="empty: look first, nothing is recorded"),
        Asked("unfinished", "Unfinished", value="no", hint="yes: though the period is not over"),
    ),
    "releases": (
        Asked("again", "Once more", hint="a release's number; empty: only list them"),
        Asked("out", "New folder"),
    ),
}
_YES = (("not", "Not now"), ("yes", "Yes"))


class OfficeScreen(DeskScreen):
    """Log, backups, retention, exports."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "back_up", "Copy"),
        Binding("f3", "restore", "Restore"),
        Binding("f4", "export", "Send"),
        Binding("f5", "read", "Get"),
        Binding("f6", "retention", "Old"),
        Binding("f8", "rules", "Hits"),
        Binding("f9", "verify", "Log"),
    ]
    heading = "office"

    def body(self) -> ComposeResult:
        """How things stand."""
        with VerticalScroll():
            yield Text(id="state")
            yield Text(id="told")

    def on_mount(self) -> None:
        """Say how things stand."""
        self.query_one(VerticalScroll).focus()
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        text = await self.ask(_standing)
        self.query_one("#state", Text).show(text or "")

    def _tell(self, text: str | None) -> None:
        """What was done, below how things stand now."""
        if text is not None:
            self.query_one("#told", Text).show(f"\n{text}")
            self._load()

    async def _form(self, title: str, *fields: Asked, note: str = "") -> Mapping[str, str] | None:
        return await self.app.push_screen_wait(FormDialog(title, fields, note))

    @work(exclusive=True)
    async def action_back_up(self) -> None:
        """Copy everything into a new folder, and check the copy."""
        said = await self._form("Backup", Asked("folder", "Into a new folder", hint="/media/stick/2026-11-27"))
        if said and said["folder"]:
            self._tell(
                await self.ask(lambda desk: render_office.backup(keeping.back_up(desk, Path(said["folder"])).to_json()))
            )

    @work(exclusive=True)
    async def action_restore(self) -> None:
        """Check a backup and put it in its place; what is there is moved aside after a question."""
        said = await self._form(
            "Restore a backup",
            Asked("folder", "From the folder"),
            Asked("checkpoint", "Checkpoint from outside", hint="a line BKCP1;… or its file; may be empty"),
        )
        if not said or not said["folder"]:
            return
        await self._restored(said, "", replace=False)

    async def _restored(self, said: Mapping[str, str], pin: str, *, replace: bool) -> None:
        held = said["checkpoint"]

        def restore(desk: Desk) -> str:
            checkpoints = read_checkpoints(held) if held else []
            done = keeping.restore(
                desk, Path(said["folder"]), checkpoints, badge=self.app_badge(), pin=lambda: pin, replace=replace
            )
            return render_office.restored(done.to_json(), check=False)

        try:
            self._tell(await self.desk_app.backroom.ask(restore))
        except UsageError as error:
            if error.code == "casebook_exists" and not replace:
                question = f"{error.message} Move it aside and restore?"
                if await self.app.push_screen_wait(ChoiceDialog(question, _YES)) == "yes":
                    await self._restored(said, pin, replace=True)
            elif error.code in ("sign_in", "pin_wrong") and not pin:
                who = await self.app.push_screen_wait(SignInDialog(self.app_badge() or ""))
                if who and who[0]:
                    self.desk_app.acting(who[0])
                    await self._restored(said, who[1], replace=replace)
            else:
                self.desk_app.show_error(error)
        except BorderKitError as error:
            self.desk_app.show_error(error)

    def app_badge(self) -> str | None:
        """Who acts at this terminal."""
        return self.desk_app.settings.operator

    @work(exclusive=True)
    async def action_export(self) -> None:
        """Hand on cases with the proof of the log, the list of all as a table, or an auditor's pack."""
        kind = await self.app.push_screen_wait(ChoiceDialog("What is to be handed on?", _EXPORTS))
        said = await self._form(dict(_EXPORTS)[kind], *_EXPORT_FORMS[kind]) if kind else None
        if kind is None or not said:
            return
        if kind in _STATISTICS:
            shown = await self.ask(lambda desk: _STATISTICS[kind](desk, said))
            if shown:
                self.app.push_screen(PageScreen(kind, shown))
        elif said["out"]:
            await self._record(lambda desk: _exported(desk, kind, said))

    @work(exclusive=True)
    async def action_read(self) -> None:
        """Read an export or an auditor's pack."""
        said = await self._form(
            "Read an export or an auditor's pack",
            Asked("file", "File"),
            Asked("seed", "Your seed", hint="only for an auditor's pack"),
        )
        if not said or not said["file"]:
            return
        found = await self.ask(
            lambda desk: render_office.received(
                keeping.read_export(desk, Path(said["file"]), seed=said["seed"] or None).to_json()
            )
        )
        if found:
            self.app.push_screen(PageScreen("export", found))

    @work(exclusive=True)
    async def action_retention(self) -> None:
        """Show whose retention has ended, and delete their contents after a question."""
        rows = await self.ask(keeping.due)
        if rows is None:
            return
        due = [row.to_json() for row in rows]
        self._tell(render_office.retention(due))
        if not rows:
            return
        question = f"Delete the contents of {render_office.how_many(due)} for good? Hashes and signatures stay."
        if await self.app.push_screen_wait(ChoiceDialog(question, _YES)) == "yes":
            await self._record(_forgotten)

    @work(exclusive=True)
    async def action_verify(self) -> None:
        """Check every hash and signature of the log."""
        self._tell(await self.ask(lambda desk: render_office.log_check(keeping.verify(desk).to_json())))

    @work(exclusive=True)
    async def action_rules(self) -> None:
        """How often what rules suspected was found, and what is to be reviewed; raising that is asked for."""
        found = await self.ask(lambda desk: (feedback.rates(desk), feedback.due_reviews(desk), feedback.raised(desk)))
        if found is None:
            return
        hits, due, known = found
        told = render_policy.reviews([item.to_json() for item in due], [row for row in known if isinstance(row, dict)])
        self._tell(f"{render_policy.rates(hits)}\n\n{told}")
        if not due:
            return
        question = f"Put {len(due)} reviews into the log?"
        if await self.app.push_screen_wait(ChoiceDialog(question, _YES)) == "yes":
            await self._record(lambda desk: f"{len(feedback.raise_reviews(desk))} reviews stand in the log.")

    async def _record(self, act: Callable[[Desk], str]) -> None:
        self._tell(await self.ask(act))


def _standing(desk: Desk) -> str:
    office = desk.cases.office
    last = keeping.last_backup(desk)
    rows = [
        render_office.office(office.to_json() if office else None),
        f"BACKUP   {last['at']} in {last['folder']}" if last else "BACKUP   none was made",
        f"OLD      {len(keeping.due(desk))} cases whose retention has ended",
    ]
    return "\n\n".join(rows)


def _exported(desk: Desk, kind: str, said: Mapping[str, str]) -> str:
    out, addresses = Path(said["out"]), [said["address"]] if said.get("address") else []
    match kind:
        case "cases":
            numbers = said["cases"].split()
            event = keeping.export(desk, numbers, out, addresses, files=said["files"] == "yes")
        case "pack":
            event = keeping.audit_pack(desk, said["seed"], _count(said["size"]), out, addresses)
        case _:
            event = keeping.export_table(desk, out)
    return render.told(event.to_json())


def _statistics(desk: Desk, said: Mapping[str, str]) -> str:
    """Statistics as they would go out, or as they went out where a folder was named."""
    parts = {name: [part.strip() for part in said[name].split(";") if part.strip()] for name in ("tables", "only")}
    wanted = publishing.request(said["period"], parts["tables"], parts["only"])
    if not said["out"]:
        return render_published.statistics(publishing.prepare(desk, wanted).document, released=False)
    unfinished = said["unfinished"] == "yes"
    _, made, files = publishing.publish(desk, wanted, Path(said["out"]), unfinished=unfinished)
    return "\n".join(
        [render_published.statistics(made.document, released=True), *(f"Written: {path}" for path in files)]
    )


def _releases(desk: Desk, said: Mapping[str, str]) -> str:
    files = publishing.again(desk, _count(said["again"]), Path(said["out"])) if said["again"] and said["out"] else []
    listed = render_published.ledger(one.to_json() for one in releases.releases(desk.cases))
    return "\n".join([listed, *(f"Written: {path}" for path in files)])


_STATISTICS: Mapping[str, Callable[[Desk, Mapping[str, str]], str]] = {"statistics": _statistics, "releases": _releases}


def _count(text: str) -> int:
    number = whole_number(text, 5)
    if number is None:
        raise UsageError("size_unknown", f"{text[:20]!r} is no number of cases.", "Write 20.")
    return number


def _forgotten(desk: Desk) -> str:
    deleted, files = keeping.forget(desk)
    return render_office.forgotten([row.to_json() for row in deleted], files)
