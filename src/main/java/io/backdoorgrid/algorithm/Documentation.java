package io.backdoorgrid.algorithm;

import com.github.therapi.runtimejavadoc.Comment;
import com.github.therapi.runtimejavadoc.CommentVisitor;
import com.github.therapi.runtimejavadoc.FieldJavadoc;
import com.github.therapi.runtimejavadoc.Link;
import com.github.therapi.runtimejavadoc.ParamJavadoc;
import com.github.therapi.runtimejavadoc.RuntimeJavadoc;
import com.github.therapi.runtimejavadoc.Value;
import io.backdoorgrid.grid.Catalog.Hyperparameter;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the Javadoc of algorithms says, at run time: the one place where a hyperparameter is
 * described serves readers of the code and those of {@code list}.
 */
final class Documentation {

  private Documentation() {}

  /** The first paragraph about a record. */
  static String summary(Class<?> record) {
    String text = text(RuntimeJavadoc.getJavadoc(record).getComment());
    int end = text.indexOf(Text.PARAGRAPH);
    return tidy(end < 0 ? text : text.substring(0, end));
  }

  static Hyperparameter of(RecordComponent component) {
    String meaning =
        RuntimeJavadoc.getJavadoc(component.getDeclaringRecord()).getRecordComponents().stream()
            .filter(param -> param.getName().equals(component.getName()))
            .map(ParamJavadoc::getComment)
            .map(comment -> tidy(text(comment)))
            .collect(Collectors.joining());
    return new Hyperparameter(meaning, choices(component.getType()));
  }

  private static Map<String, String> choices(Class<?> type) {
    Map<String, String> choices = new LinkedHashMap<>();
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        String name = ((Enum<?>) constant).name();
        String meaning =
            RuntimeJavadoc.getJavadoc(type).getEnumConstants().stream()
                .filter(field -> field.getName().equals(name))
                .map(FieldJavadoc::getComment)
                .map(comment -> tidy(text(comment)))
                .collect(Collectors.joining());
        choices.put(Keys.kebab(name), meaning);
      }
    }
    return choices;
  }

  private static String text(Comment comment) {
    var text = new Text();
    comment.visit(text);
    return text.written.toString();
  }

  private static String tidy(String text) {
    return text.replaceAll("<[^>]+>", " ").replaceAll("\\s+", " ").strip();
  }

  /** Javadoc as plain text; a tag stands for what is in it, a link for its label. */
  private static final class Text implements CommentVisitor {
    static final String PARAGRAPH = "<p>";

    final StringBuilder written = new StringBuilder();

    @Override
    public void commentText(String text) {
      written.append(text);
    }

    @Override
    public void inlineLink(Link link) {
      written.append(link.getLabel());
    }

    @Override
    public void inlineTag(String name, String value) {
      written.append(value);
    }

    @Override
    public void inlineValue(Value value) {
      written.append(value.getReferencedMemberName());
    }
  }
}
