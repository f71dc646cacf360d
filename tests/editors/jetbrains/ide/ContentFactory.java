package com.intellij.ui.content;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.swing.JComponent;

public interface ContentFactory {
    List<JComponent> MADE = new CopyOnWriteArrayList<>();

    static ContentFactory getInstance() {
        return (component, name, lockable) -> {
            MADE.add(component);
            return new Content() {};
        };
    }

    Content createContent(JComponent component, String name, boolean lockable);
}
