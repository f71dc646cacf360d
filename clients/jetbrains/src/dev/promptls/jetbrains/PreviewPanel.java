package dev.promptls.jetbrains;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.fileEditor.FileEditorManager;
import com.intellij.openapi.fileEditor.FileEditorManagerEvent;
import com.intellij.openapi.fileEditor.FileEditorManagerListener;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.util.Disposer;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.ui.jcef.JBCefApp;
import com.intellij.ui.jcef.JBCefBrowser;
import com.redhat.devtools.lsp4ij.LSPIJUtils;
import com.redhat.devtools.lsp4ij.LanguageServerItem;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.event.HierarchyEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.swing.DefaultComboBoxModel;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.jetbrains.annotations.NotNull;

/** The server's page for the file in the editor, whatever is typed there; samples, Run and Stop above it. */
final class PreviewPanel implements Disposable, FileEditorManagerListener {
    /** Milliseconds: a file that has just been opened is told to the server a little later, and only then watched. */
    private static final int LATER = 1500;

    private final Project project;
    private final JPanel panel = new JPanel(new BorderLayout());
    private final JLabel said = new JLabel();
    private final JComboBox<String> samples = new JComboBox<>();
    private final JBCefBrowser browser = JBCefApp.isSupported() ? new JBCefBrowser() : null;
    private final Timer again = new Timer(LATER, event -> ask(null));
    private String uri = "";
    /** The same file as the server spells it. */
    private String answered = "";
    private boolean filling;
    private final Consumer<Preview> listener = preview -> SwingUtilities.invokeLater(() -> {
        if (answered.equals(preview.getUri())) {
            show(preview);
        }
    });

    PreviewPanel(Project project) {
        this.project = project;
        again.setRepeats(false);
        JPanel bar = new JPanel(new FlowLayout(FlowLayout.LEFT));
        bar.add(samples);
        bar.add(button("Run", "promptls.run"));
        bar.add(button("Stop", "promptls.cancel"));
        bar.add(said);
        samples.setVisible(false);
        samples.addActionListener(event -> {
            if (!filling) {
                ask(samples.getSelectedIndex() + 1);
            }
        });
        panel.add(bar, BorderLayout.NORTH);
        if (browser == null) {
            panel.add(new JLabel("This IDE has no browser to show pages in; `Preview` above the first line of a prompt opens"
                    + " one as Markdown."), BorderLayout.CENTER);
        } else {
            Disposer.register(this, browser);
            panel.add(browser.getComponent(), BorderLayout.CENTER);
        }
        PreviewHub.getInstance(project).add(listener);
        project.getMessageBus().connect(this).subscribe(FileEditorManagerListener.FILE_EDITOR_MANAGER, this);
        panel.addHierarchyListener(event -> {
            if ((event.getChangeFlags() & HierarchyEvent.SHOWING_CHANGED) != 0) {
                VirtualFile[] selected = FileEditorManager.getInstance(project).getSelectedFiles();
                follow(selected.length == 0 ? null : selected[0]);
            }
        });
    }

    JComponent getComponent() {
        return panel;
    }

    @Override
    public void dispose() {
        again.stop();
        PreviewHub.getInstance(project).remove(listener);
        forget();
    }

    @Override
    public void selectionChanged(@NotNull FileEditorManagerEvent event) {
        follow(event.getNewFile());
    }

    private JButton button(String title, String command) {
        JButton button = new JButton(title);
        button.addActionListener(event -> withServer(item -> item.getServer().getWorkspaceService()
                .executeCommand(new ExecuteCommandParams(command, List.of(Map.of("uri", uri))))));
        return button;
    }

    /** From now on show this file; nothing is asked while nobody looks. */
    private void follow(VirtualFile file) {
        if (panel.isShowing() && (file == null || !file.isInLocalFileSystem())) {
            return; // a page without a prompt: the one before stays
        }
        forget();
        if (panel.isShowing() && browser != null) {
            uri = LSPIJUtils.toUriAsString(file);
            ask(null);
            again.restart();
        }
    }

    /** @param sample counts from 1; null for the one that was chosen last */
    private void ask(Integer sample) {
        String asked = uri;
        if (asked.isEmpty()) {
            return;
        }
        withServer(item -> ((PromptServer) item.getServer()).preview(PreviewParams.watch(asked, sample))
                .thenAccept(preview -> SwingUtilities.invokeLater(() -> {
                    if (preview != null && asked.equals(uri)) {
                        answered = preview.getUri();
                        show(preview);
                    }
                })));
    }

    private void forget() {
        String old = uri;
        if (!old.isEmpty()) {
            withServer(item -> ((PromptServer) item.getServer()).preview(PreviewParams.forget(old)));
        }
        uri = "";
        answered = "";
    }

    private void withServer(Function<LanguageServerItem, CompletableFuture<?>> request) {
        LanguageServerManager.getInstance(project).getLanguageServer(PromptServerFactory.ID)
                .thenCompose(item -> item == null
                        ? CompletableFuture.failedFuture(new IllegalStateException("The server is not running: open a"
                                + " prompt file, or look into the LSP console."))
                        : request.apply(item))
                .whenComplete((done, error) -> SwingUtilities.invokeLater(() -> said.setText(sentence(error))));
    }

    private static String sentence(Throwable error) {
        if (error == null) {
            return "";
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return String.valueOf(cause.getMessage());
    }

    private void show(Preview preview) {
        filling = true;
        samples.setModel(new DefaultComboBoxModel<>(preview.getSamples().toArray(new String[0])));
        samples.setSelectedIndex(preview.getSample() == null ? -1 : preview.getSample() - 1);
        samples.setVisible(preview.getSamples().size() > 1);
        filling = false;
        browser.loadHTML(preview.getContent());
    }
}
