//! Starts `promptls lsp` from the PATH of the project; everything else is the server's.

use zed_extension_api as zed;

struct Promptls;

impl zed::Extension for Promptls {
    fn new() -> Self {
        Promptls
    }

    fn language_server_command(
        &mut self,
        _server: &zed::LanguageServerId,
        worktree: &zed::Worktree,
    ) -> zed::Result<zed::Command> {
        let command = worktree
            .which("promptls")
            .ok_or("promptls is not on your PATH: install it, and restart the language server.")?;
        Ok(zed::Command {
            command,
            args: vec!["lsp".into()],
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Promptls);
