import java.util.List;
import org.eclipse.lsp4j.*;

/** What LSP4IJ says that it can (0.19; its `ClientCapabilitiesFactory`), as far as this server asks. */
final class Capabilities {
    private Capabilities() {}

    static ClientCapabilities ofLsp4ij() {
        ClientCapabilities all = new ClientCapabilities(workspace(), document(), window(), null);
        GeneralClientCapabilities general = new GeneralClientCapabilities();
        general.setPositionEncodings(List.of(PositionEncodingKind.UTF16));
        all.setGeneral(general);
        return all;
    }

    /** As older ones of it: findings are sent to it. */
    static ClientCapabilities withoutPull() {
        ClientCapabilities all = ofLsp4ij();
        all.getTextDocument().setDiagnostic(null);
        all.getWorkspace().setDiagnostics(null);
        return all;
    }

    private static WorkspaceClientCapabilities workspace() {
        WorkspaceClientCapabilities workspace = new WorkspaceClientCapabilities();
        workspace.setApplyEdit(true);
        workspace.setConfiguration(true);
        workspace.setExecuteCommand(new ExecuteCommandCapabilities(true));
        workspace.setWorkspaceFolders(true);
        WorkspaceEditCapabilities edits = new WorkspaceEditCapabilities();
        edits.setDocumentChanges(true);
        edits.setResourceOperations(List.of("create", "delete", "rename"));
        workspace.setWorkspaceEdit(edits);
        workspace.setDidChangeWatchedFiles(new DidChangeWatchedFilesCapabilities(true));
        workspace.setDidChangeConfiguration(new DidChangeConfigurationCapabilities(true));
        workspace.setCodeLens(new CodeLensWorkspaceCapabilities(true));
        workspace.setInlayHint(new InlayHintWorkspaceCapabilities(true));
        workspace.setSemanticTokens(new SemanticTokensWorkspaceCapabilities(true));
        workspace.setDiagnostics(new DiagnosticWorkspaceCapabilities(true));
        return workspace;
    }

    private static TextDocumentClientCapabilities document() {
        TextDocumentClientCapabilities document = new TextDocumentClientCapabilities();
        PublishDiagnosticsCapabilities published = new PublishDiagnosticsCapabilities(true);
        published.setDataSupport(true);
        published.setTagSupport(new DiagnosticsTagSupport(List.of(DiagnosticTag.Unnecessary, DiagnosticTag.Deprecated)));
        document.setPublishDiagnostics(published);
        document.setDiagnostic(new DiagnosticCapabilities(true, true));
        CodeActionCapabilities actions = new CodeActionCapabilities(
                new CodeActionLiteralSupportCapabilities(new CodeActionKindCapabilities(
                        List.of(CodeActionKind.QuickFix, CodeActionKind.Refactor, CodeActionKind.Source))),
                true);
        actions.setDataSupport(true);
        document.setCodeAction(actions);
        document.setCodeLens(new CodeLensCapabilities(true));
        CompletionItemCapabilities item = new CompletionItemCapabilities(true);
        item.setDocumentationFormat(List.of(MarkupKind.MARKDOWN, MarkupKind.PLAINTEXT));
        item.setResolveSupport(
                new CompletionItemResolveSupportCapabilities(List.of("documentation", "detail", "additionalTextEdits")));
        CompletionCapabilities completion = new CompletionCapabilities(item);
        completion.setCompletionList(new CompletionListCapabilities(List.of("editRange")));
        document.setCompletion(completion);
        HoverCapabilities hover = new HoverCapabilities(true);
        hover.setContentFormat(List.of(MarkupKind.MARKDOWN, MarkupKind.PLAINTEXT));
        document.setHover(hover);
        document.setFoldingRange(new FoldingRangeCapabilities());
        DefinitionCapabilities definition = new DefinitionCapabilities(true);
        definition.setLinkSupport(true);
        document.setDefinition(definition);
        RenameCapabilities rename = new RenameCapabilities(true);
        rename.setPrepareSupport(true);
        document.setRename(rename);
        document.setInlayHint(new InlayHintCapabilities(true));
        ParameterInformationCapabilities parameter = new ParameterInformationCapabilities();
        parameter.setLabelOffsetSupport(true);
        SignatureInformationCapabilities signature = new SignatureInformationCapabilities();
        signature.setParameterInformation(parameter);
        document.setSignatureHelp(new SignatureHelpCapabilities(signature, true));
        document.setSemanticTokens(colors());
        DocumentSymbolCapabilities symbols = new DocumentSymbolCapabilities(true);
        symbols.setHierarchicalDocumentSymbolSupport(true);
        document.setDocumentSymbol(symbols);
        return document;
    }

    private static SemanticTokensCapabilities colors() {
        SemanticTokensCapabilities colors = new SemanticTokensCapabilities(true);
        colors.setTokenTypes(List.of(SemanticTokenTypes.Type, SemanticTokenTypes.Parameter, SemanticTokenTypes.Variable,
                SemanticTokenTypes.Property, SemanticTokenTypes.Function, SemanticTokenTypes.Macro,
                SemanticTokenTypes.Keyword, SemanticTokenTypes.Comment, SemanticTokenTypes.String,
                SemanticTokenTypes.Number, SemanticTokenTypes.Operator, SemanticTokenTypes.Decorator));
        colors.setTokenModifiers(List.of(SemanticTokenModifiers.Declaration, SemanticTokenModifiers.Definition,
                SemanticTokenModifiers.Readonly, SemanticTokenModifiers.Static));
        colors.setFormats(List.of(TokenFormat.Relative));
        colors.setRequests(new SemanticTokensClientCapabilitiesRequests(true, false));
        return colors;
    }

    private static WindowClientCapabilities window() {
        WindowClientCapabilities window = new WindowClientCapabilities();
        window.setShowDocument(new ShowDocumentCapabilities(true));
        window.setWorkDoneProgress(true);
        window.setShowMessage(new WindowShowMessageRequestCapabilities());
        return window;
    }
}
