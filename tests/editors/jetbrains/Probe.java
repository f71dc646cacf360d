import dev.promptls.jetbrains.Preview;
import dev.promptls.jetbrains.PreviewParams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.*;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/**
 * The JVM's client library, which LSP4IJ and JetBrains' own API rest on, with the server as a person would use it there:
 * {@code Probe STORY FOLDER COMMAND...}. The folder holds greet.prompty, and where models answer, promptls.yaml.
 */
public final class Probe {
    private final Editor editor;
    private final String uri;

    private Probe(Editor editor) {
        this.editor = editor;
        this.uri = editor.uri("greet.prompty");
    }

    public static void main(String[] arguments) throws Exception {
        List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
        try (Editor editor = new Editor(Path.of(arguments[1]), command)) {
            if (arguments[0].equals("looking-around")) {
                editor.options = Map.of("inlayHints", true);
                editor.settings = () -> Map.of("inlayHints", true);
            }
            boolean pushed = arguments[0].equals("findings-are-sent");
            editor.start(pushed ? Capabilities.withoutPull() : Capabilities.ofLsp4ij());
            Probe probe = new Probe(editor);
            editor.open(probe.uri, "prompty");
            probe.tell(arguments[0]);
            is(0, editor.stop(), "the exit code");
            is(List.of(), editor.complaints, "complaints");
        } catch (Throwable error) {
            error.printStackTrace();
            System.exit(1); // LSP4J's threads would keep the process alive
        }
        System.exit(0);
    }

    private void tell(String story) throws Exception {
        switch (story) {
            case "findings-are-sent" -> findingsAreSent();
            case "findings-are-asked-for" -> findingsAreAskedFor();
            case "a-fix" -> aFix();
            case "hover-and-completion" -> hoverAndCompletion();
            case "looking-around" -> lookingAround();
            case "the-menu" -> theMenu();
            case "a-preview" -> aPreview();
            case "a-watched-preview" -> aWatchedPreview();
            case "a-run" -> aRun();
            case "words-come" -> wordsCome();
            case "a-question" -> aQuestion();
            case "stop-by-command" -> stopByCommand();
            case "stop-by-progress" -> stopByProgress();
            default -> throw new IllegalArgumentException(story);
        }
    }

    // -- looking at a file

    private void findingsAreSent() throws Exception {
        PublishDiagnosticsParams sent = Editor.next(editor.published, "a finding", each -> !each.getDiagnostics().isEmpty());
        is("undefined-variable", sent.getDiagnostics().get(0).getCode().getLeft(), "the code");
        is(uri, sent.getUri(), "the file");
        editor.replace(uri, "nmae", "name");
        Editor.next(editor.published, "no finding", each -> each.getDiagnostics().isEmpty());
    }

    private void findingsAreAskedFor() throws Exception {
        Diagnostic found = finding();
        is("undefined-variable", found.getCode().getLeft(), "the code");
        is("promptls", found.getSource(), "the source");
        is(editor.behind(uri, "{{ nmae"), found.getRange().getEnd(), "the end, behind an emoji");
        editor.replace(uri, "nmae", "name");
        is(List.of(), findings(), "findings of the corrected file");
        check(editor.published.isEmpty(), "nothing is sent to whom asks");
    }

    private List<Diagnostic> findings() throws Exception {
        var asked = new DocumentDiagnosticParams(new TextDocumentIdentifier(uri));
        return editor.server().getTextDocumentService().diagnostic(asked).get(Editor.PATIENCE, TimeUnit.SECONDS)
                .getLeft().getItems();
    }

    private Diagnostic finding() throws Exception {
        List<Diagnostic> found = findings();
        is(1, found.size(), "findings");
        return found.get(0);
    }

    private void aFix() throws Exception {
        Diagnostic found = finding();
        CodeAction fix = actions(found.getRange(), List.of(found)).stream()
                .filter(each -> CodeActionKind.QuickFix.equals(each.getKind()) && each.getTitle().contains("`name`"))
                .findFirst().orElseThrow(() -> new AssertionError("no fix writes `name`"));
        editor.make(fix.getEdit());
        check(editor.text(uri).contains("{{ name | upper }}"), editor.text(uri));
        is(List.of(), findings(), "findings of the fixed file");
    }

    private void hoverAndCompletion() throws Exception {
        var documents = editor.server().getTextDocumentService();
        var document = new TextDocumentIdentifier(uri);
        Hover hover = documents.hover(new HoverParams(document, editor.behind(uri, "| upp")))
                .get(Editor.PATIENCE, TimeUnit.SECONDS);
        is(MarkupKind.MARKDOWN, hover.getContents().getRight().getKind(), "the kind of text");
        check(hover.getContents().getRight().getValue().contains("upper"), hover);
        Hover message = documents.hover(new HoverParams(document, editor.behind(uri, "\nsyst")))
                .get(Editor.PATIENCE, TimeUnit.SECONDS);
        check(message.getContents().getRight().getValue().contains("Be kind."), message);

        editor.replace(uri, "nmae", "");
        var asked = new CompletionParams(document, editor.behind(uri, "{{ "));
        Either<List<CompletionItem>, CompletionList> found =
                documents.completion(asked).get(Editor.PATIENCE, TimeUnit.SECONDS);
        List<CompletionItem> items = found.isRight() ? found.getRight().getItems() : found.getLeft();
        CompletionItem name = items.stream().filter(each -> each.getLabel().equals("name")).findFirst()
                .orElseThrow(() -> new AssertionError("`name` is not offered"));
        documents.resolveCompletionItem(name).get(Editor.PATIENCE, TimeUnit.SECONDS);
    }

    /** What LSP4IJ asks for besides: each answer is read by LSP4J. */
    private void lookingAround() throws Exception {
        var documents = editor.server().getTextDocumentService();
        var document = new TextDocumentIdentifier(uri);
        Position used = editor.behind(uri, "Hello {{ na");
        var places = answer(documents.definition(new DefinitionParams(document, used)));
        Range declared = places.isLeft() ? places.getLeft().get(0).getRange()
                : places.getRight().get(0).getTargetSelectionRange();
        is(editor.behind(uri, "inputs:\n  name"), declared.getEnd(), "where `name` is declared");
        is(2, answer(documents.references(new ReferenceParams(document, used, new ReferenceContext(true)))).size(), "references");
        is(2, answer(documents.documentHighlight(new DocumentHighlightParams(document, used))).size(), "highlights");
        check(answer(documents.prepareRename(new PrepareRenameParams(document, used))) != null, "it can be renamed");
        Range whole = new Range(new Position(0, 0), editor.behind(uri, "| upper }}"));
        check(!answer(documents.inlayHint(new InlayHintParams(document, whole))).isEmpty(), "hints, as the settings say");
        check(!answer(documents.semanticTokensFull(new SemanticTokensParams(document))).getData().isEmpty(), "colours");
        check(answer(documents.documentSymbol(new DocumentSymbolParams(document))).get(0).isRight(), "an outline");
        check(!answer(documents.foldingRange(new FoldingRangeRequestParams(document))).isEmpty(), "folds");
        is(1, answer(documents.selectionRange(new SelectionRangeParams(document, List.of(used)))).size(), "selections");
        editor.make(answer(documents.rename(new RenameParams(document, used, "person"))));
        check(editor.text(uri).contains("  person:") && editor.text(uri).contains("Hello {{ person }}"), editor.text(uri));
        editor.replace(uri, "nmae | upper", "person | replace(");
        SignatureHelp help = answer(documents.signatureHelp(new SignatureHelpParams(document, editor.behind(uri, "replace("))));
        check(help.getSignatures().get(0).getLabel().startsWith("replace("), help);
    }

    private static <T> T answer(java.util.concurrent.CompletableFuture<T> asked) throws Exception {
        return asked.get(Editor.PATIENCE, TimeUnit.SECONDS);
    }

    private void theMenu() throws Exception {
        List<String> titles = menu().stream().map(CodeAction::getTitle).toList();
        check(titles.containsAll(List.of("Preview", "New sample", "Copy as curl", "Open history")), titles);
        check(titles.stream().anyMatch(each -> each.startsWith("Run · echo")), titles);
        List<String> commands = editor.offered.getCapabilities().getExecuteCommandProvider().getCommands();
        for (CodeAction each : menu()) check(commands.contains(each.getCommand().getCommand()), each);
        check(lens("Preview").getCommand().equals("promptls.preview"), "the lens");
        check(lens("Run · echo").getCommand().equals("promptls.run"), "the lens");
    }

    // -- previews

    private void aPreview() throws Exception {
        editor.replace(uri, "Be kind", "Be terse");
        execute(lens("Preview"));
        ShowDocumentParams page = Editor.next(editor.shown, "a page", each -> each.getUri().endsWith(".preview.md"));
        String text = Files.readString(Path.of(java.net.URI.create(page.getUri())));
        check(text.contains("Be terse."), text);
    }

    private void aWatchedPreview() throws Exception {
        Preview first = editor.server().preview(PreviewParams.watch(uri, null)).get(Editor.PATIENCE, TimeUnit.SECONDS);
        check(first.getContent().contains("Be kind.") && first.getContent().contains("Content-Security-Policy"), first);
        check(first.getContent().toLowerCase().startsWith("<!doctype html"), "a whole page");
        is(uri, first.getUri(), "the file");
        editor.replace(uri, "Be kind", "Be terse");
        Editor.next(editor.previews, "a newer preview", each -> each.getContent().contains("Be terse."));
        Preview last = editor.server().preview(PreviewParams.forget(uri)).get(Editor.PATIENCE, TimeUnit.SECONDS);
        is(null, last, "the answer to the end of a watch");
    }

    // -- runs

    private void aRun() throws Exception {
        editor.replace(uri, "Be kind", "Be terse");
        execute(lens("Run · echo"));
        String page = page();
        Editor.until("the run ends on its page", () -> editor.text(page).contains("status: finished"));
        check(editor.text(page).contains("Be terse."), editor.text(page));
        check(editor.text(page).contains("No model was called"), editor.text(page));
    }

    private void wordsCome() throws Exception {
        execute(lens("Run · local/tiny-1"));
        String page = page();
        WorkDoneProgressBegin begin = (WorkDoneProgressBegin) step(WorkDoneProgressKind.begin);
        check(begin.getTitle().contains("local/tiny-1"), begin);
        is(true, begin.getCancellable(), "a button to stop");
        Editor.until("the first word is there before the last", () -> editor.text(page).contains("One"));
        check(!editor.text(page).contains("three"), editor.text(page));
        Files.createFile(Path.of(java.net.URI.create(editor.uri("go-on"))));
        Editor.until("the last word is there", () -> editor.text(page).contains("One two three."));
        Editor.until("the run ends on its page", () -> editor.text(page).contains("status: finished"));
        check(editor.edits(page) > 0, "it grew by edits");
        step(WorkDoneProgressKind.end);
    }

    private void aQuestion() throws Exception {
        execute(lens("Run · local/tiny-1"));
        Editor.until("it is asked before a key is sent", () -> !editor.said.isEmpty());
        check(editor.said.get(0).contains("LOCAL_KEY"), editor.said);
        Editor.until("the run is over", () -> actionsStop().isEmpty());
        editor.presses = "Send";
        execute(lens("Run · local/tiny-1"));
        String page = page();
        Editor.until("the answer is there", () -> editor.text(page).contains("One two three."));
        Editor.until("the run ends on its page", () -> editor.text(page).contains("status: finished"));
    }

    private List<CodeAction> actionsStop() {
        try {
            return menu().stream().filter(each -> each.getTitle().startsWith("Stop ")).toList();
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private void stopByCommand() throws Exception {
        execute(lens("Run · local/tiny-1"));
        String page = page();
        Editor.until("the first word", () -> editor.text(page).contains("One"));
        execute(lens("Stop "));
        Editor.until("it is stopped", () -> editor.text(page).contains("status: cancelled"));
    }

    private void stopByProgress() throws Exception {
        execute(lens("Run · local/tiny-1"));
        String page = page();
        Editor.until("the first word", () -> editor.text(page).contains("One"));
        ProgressParams begun = Editor.next(editor.progress, "progress", each -> true);
        editor.server().cancelProgress(new WorkDoneProgressCancelParams(begun.getToken()));
        Editor.until("it is stopped", () -> editor.text(page).contains("status: cancelled"));
    }

    private String page() throws Exception {
        String page = Editor.next(editor.shown, "a page", each -> each.getUri().endsWith(".run.md")).getUri();
        check(editor.holds(page), "the editor holds the page");
        return page;
    }

    private WorkDoneProgressNotification step(WorkDoneProgressKind kind) throws Exception {
        return Editor.next(editor.progress, kind + " of progress", each -> each.getValue().getLeft().getKind() == kind)
                .getValue().getLeft();
    }

    // -- asking

    private List<CodeAction> actions(Range range, List<Diagnostic> about) throws Exception {
        CodeActionContext context = new CodeActionContext(about);
        context.setTriggerKind(CodeActionTriggerKind.Invoked);
        var asked = new CodeActionParams(new TextDocumentIdentifier(uri), range, context);
        return editor.server().getTextDocumentService().codeAction(asked).get(Editor.PATIENCE, TimeUnit.SECONDS).stream()
                .map(Either::getRight).filter(Objects::nonNull).toList();
    }

    private List<CodeAction> menu() throws Exception {
        Position place = editor.behind(uri, "Hello");
        return actions(new Range(place, place), List.of()).stream()
                .filter(each -> each.getKind() != null && each.getKind().startsWith("source.promptls")).toList();
    }

    private Command lens(String title) throws Exception {
        var asked = new CodeLensParams(new TextDocumentIdentifier(uri));
        List<Command> found = editor.server().getTextDocumentService().codeLens(asked)
                .get(Editor.PATIENCE, TimeUnit.SECONDS).stream().map(CodeLens::getCommand).map(Command.class::cast).toList();
        return found.stream().filter(each -> each.getTitle().startsWith(title)).findFirst()
                .orElseThrow(() -> new AssertionError(title + " is none of " + found));
    }

    private void execute(Command command) throws Exception {
        var asked = new ExecuteCommandParams(command.getCommand(), command.getArguments());
        Object answer = editor.server().getWorkspaceService().executeCommand(asked).get(Editor.PATIENCE, TimeUnit.SECONDS);
        check(answer instanceof Map<?, ?>, answer);
    }

    // -- checking

    private static void check(boolean right, Object seen) {
        if (!right) throw new AssertionError(String.valueOf(seen));
    }

    private static void is(Object wanted, Object seen, String what) {
        check(Objects.equals(wanted, seen), what + ": " + seen + " is not " + wanted);
    }
}
