import dev.promptls.jetbrains.Preview;
import dev.promptls.jetbrains.PreviewEvents;
import dev.promptls.jetbrains.PromptServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.lsp4j.*;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;

/**
 * An editor without a window: it holds documents, opens what it is told to show, and makes the edits it is asked for, as
 * LSP4IJ does. Everything that LSP4J finds wrong with a message of the server is a failure.
 */
final class Editor implements LanguageClient, PreviewEvents, AutoCloseable {
    static final long PATIENCE = 90;

    final BlockingQueue<PublishDiagnosticsParams> published = new LinkedBlockingQueue<>();
    final BlockingQueue<ShowDocumentParams> shown = new LinkedBlockingQueue<>();
    final BlockingQueue<ProgressParams> progress = new LinkedBlockingQueue<>();
    final BlockingQueue<Preview> previews = new LinkedBlockingQueue<>();
    final List<String> said = new CopyOnWriteArrayList<>();
    final List<String> complaints = new CopyOnWriteArrayList<>();
    /** At the start, as `initializationOptions`. */
    Object options;
    /** Whenever the server asks. */
    Supplier<Object> settings = Map::of;
    private final Map<String, Held> documents = new ConcurrentHashMap<>();
    private final Path folder;
    private final Process process;
    private final PromptServer server;
    private final Handler complaining;
    volatile Consumer<Preview> onPreview = preview -> {};
    /** The button of each question that is pressed; null: the question is closed. */
    volatile String presses;
    InitializeResult offered;

    private static final class Held {
        volatile String text;
        int version = 1;
        volatile int edits;
    }

    Editor(Path folder, List<String> command) throws IOException {
        this.folder = folder;
        this.complaining = new Complaining();
        Logger.getLogger("").addHandler(complaining);
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Launcher<PromptServer> launcher = new LSPLauncher.Builder<PromptServer>()
                .setLocalService(this)
                .setRemoteInterface(PromptServer.class)
                .setInput(process.getInputStream())
                .setOutput(process.getOutputStream())
                .validateMessages(true)
                .traceMessages(new PrintWriter(OutputStream.nullOutputStream()))
                .create();
        launcher.startListening();
        server = launcher.getRemoteProxy();
    }

    PromptServer server() {
        return server;
    }

    void start(ClientCapabilities capabilities) throws Exception {
        InitializeParams params = new InitializeParams();
        params.setProcessId((int) ProcessHandle.current().pid());
        params.setClientInfo(new ClientInfo("LSP4J", "0.24.0"));
        params.setCapabilities(capabilities);
        params.setInitializationOptions(options);
        params.setWorkspaceFolders(List.of(new WorkspaceFolder(folder.toUri().toString(), "prompts")));
        offered = server.initialize(params).get(PATIENCE, TimeUnit.SECONDS);
        server.initialized(new InitializedParams());
    }

    /** The exit code. */
    int stop() throws Exception {
        server.shutdown().get(PATIENCE, TimeUnit.SECONDS);
        server.exit();
        return process.waitFor(PATIENCE, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Logger.getLogger("").removeHandler(complaining);
    }

    // -- documents

    String uri(String name) {
        return folder.resolve(name).toUri().toString();
    }

    void open(String uri, String language) throws IOException {
        Held held = new Held();
        held.text = Files.readString(Path.of(URI.create(uri)));
        documents.put(uri, held);
        server.getTextDocumentService().didOpen(
                new DidOpenTextDocumentParams(new TextDocumentItem(uri, language, held.version, held.text)));
    }

    boolean holds(String uri) {
        return documents.containsKey(uri);
    }

    String text(String uri) {
        Held held = documents.get(uri);
        return held == null ? "" : held.text;
    }

    int edits(String uri) {
        Held held = documents.get(uri);
        return held == null ? 0 : held.edits;
    }

    /** The place right behind the first such text. */
    Position behind(String uri, String text) {
        String whole = text(uri);
        int at = whole.indexOf(text);
        if (at < 0) throw new AssertionError("`" + text + "` is not in\n" + whole);
        String before = whole.substring(0, at + text.length());
        int lines = (int) before.chars().filter(each -> each == '\n').count();
        return new Position(lines, before.length() - before.lastIndexOf('\n') - 1);
    }

    void replace(String uri, String old, String with) {
        String whole = text(uri);
        Position end = behind(uri, old);
        Position start = new Position(end.getLine(), end.getCharacter() - old.length());
        edit(uri, List.of(new TextEdit(new Range(start, end), with)));
        if (whole.equals(text(uri))) throw new AssertionError("nothing changed");
    }

    /** Later places first, so that the earlier stay where they are. */
    private synchronized void edit(String uri, List<TextEdit> edits) {
        Held held = documents.get(uri);
        List<TextEdit> ordered = new ArrayList<>(edits);
        ordered.sort(Comparator.comparing((TextEdit each) -> each.getRange().getStart().getLine())
                .thenComparing(each -> each.getRange().getStart().getCharacter()).reversed());
        List<TextDocumentContentChangeEvent> changes = new ArrayList<>();
        for (TextEdit each : ordered) {
            Range range = each.getRange();
            held.text = held.text.substring(0, offset(held.text, range.getStart())) + each.getNewText()
                    + held.text.substring(offset(held.text, range.getEnd()));
            changes.add(new TextDocumentContentChangeEvent(range, each.getNewText()));
        }
        held.edits++;
        server.getTextDocumentService().didChange(
                new DidChangeTextDocumentParams(new VersionedTextDocumentIdentifier(uri, ++held.version), changes));
    }

    private static int offset(String text, Position place) {
        int at = 0;
        for (int line = 0; line < place.getLine(); line++) at = text.indexOf('\n', at) + 1;
        return at + place.getCharacter();
    }

    void make(WorkspaceEdit edit) {
        if (edit.getDocumentChanges() != null) {
            for (var each : edit.getDocumentChanges()) {
                edit(each.getLeft().getTextDocument().getUri(), List.copyOf(each.getLeft().getEdits()));
            }
        } else {
            edit.getChanges().forEach(this::edit);
        }
    }

    // -- waiting

    static <T> T next(BlockingQueue<T> queue, String what, Predicate<T> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (true) {
            T found = queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (found == null) throw new AssertionError("it did not come: " + what);
            if (wanted.test(found)) return found;
        }
    }

    static void until(String what, Supplier<Boolean> done) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!done.get()) {
            if (System.nanoTime() > end) throw new AssertionError("it did not happen: " + what);
            Thread.sleep(20);
        }
    }

    // -- what the server sends

    @Override
    public void telemetryEvent(Object object) {
        complaints.add("telemetry was sent");
    }

    @Override
    public void publishDiagnostics(PublishDiagnosticsParams params) {
        published.add(params);
    }

    @Override
    public void showMessage(MessageParams params) {
        said.add(params.getMessage());
    }

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams params) {
        said.add(params.getMessage());
        CompletableFuture<MessageActionItem> answer = new CompletableFuture<>();
        if (presses == null) {
            answer.cancel(true); // as LSP4IJ does for a notification that is closed
        } else {
            answer.complete(params.getActions().stream().filter(each -> each.getTitle().equals(presses)).findFirst()
                    .orElseThrow());
        }
        return answer;
    }

    @Override
    public void logMessage(MessageParams params) {}

    @Override
    public CompletableFuture<ShowDocumentResult> showDocument(ShowDocumentParams params) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                // LSP4IJ gives a server only the files of the names that it is mapped to.
                if (params.getUri().endsWith(".run.md") && !documents.containsKey(params.getUri())) {
                    open(params.getUri(), "markdown");
                }
            } catch (IOException error) {
                complaints.add("what is to be shown cannot be read: " + error);
                return new ShowDocumentResult(false);
            }
            shown.add(params);
            return new ShowDocumentResult(true);
        });
    }

    @Override
    public CompletableFuture<ApplyWorkspaceEditResponse> applyEdit(ApplyWorkspaceEditParams params) {
        return CompletableFuture.supplyAsync(() -> {
            make(params.getEdit());
            return new ApplyWorkspaceEditResponse(true);
        });
    }

    @Override
    public CompletableFuture<List<Object>> configuration(ConfigurationParams params) {
        return CompletableFuture.completedFuture(
                params.getItems().stream().map(each -> settings.get()).toList());
    }

    @Override
    public CompletableFuture<Void> registerCapability(RegistrationParams params) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> createProgress(WorkDoneProgressCreateParams params) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void notifyProgress(ProgressParams params) {
        progress.add(params);
    }

    @Override
    public CompletableFuture<Void> refreshCodeLenses() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> refreshDiagnostics() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> refreshInlayHints() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void previewChanged(Preview preview) {
        previews.add(preview);
        onPreview.accept(preview);
    }

    /** LSP4J only logs what is wrong with a message that nobody waits for. */
    private final class Complaining extends Handler {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                complaints.add(record.getMessage() + (record.getThrown() == null ? "" : " " + record.getThrown()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
