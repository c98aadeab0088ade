"""`border-kit completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from border_kit.cli.common import common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import put


@click.command(
    epilog="""\b
Examples:
  border-kit completion bash > ~/.local/share/bash-completion/completions/border-kit
  border-kit completion fish > ~/.config/fish/completions/border-kit.fish
""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the completion script of a shell."""
    kind = get_completion_class(shell)
    assert kind is not None  # the choices are click's own shells
    root = context.find_root().command
    put(kind(root, {}, "border-kit", "_BORDER_KIT_COMPLETE").source())
    return Exit.OK
