package dev.ingot.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source of a {@link RandomDag}.
 *
 * @param uid what it is known by however it is edited
 * @param source its name in Malloy
 * @param name the explicit {@code name=}; null when it has none
 * @param persisted false for a source that others only read through
 * @param inputs uids of what it reads; it reads the facts when there are none
 * @param constant in its SQL, and in no other's
 * @param newFile begins a model of its own
 * @param remark a comment's text, of which nothing depends
 */
record DagNode(
    int uid,
    String source,
    @Nullable String name,
    boolean persisted,
    List<Integer> inputs,
    Form form,
    int constant,
    boolean newFile,
    int remark) {

  /** How its SQL comes about. */
  enum Form {
    SELECTED,
    GROUPED,
    FILTERED,
    EXTENDED,
    SQL,
    SQL_OF_QUERIES,
    /** Fails when it is built. */
    FAILING,
    /** Doesn't compile. */
    BROKEN
  }

  DagNode {
    inputs = List.copyOf(inputs);
  }

  /** The table it declares, as it says it. */
  String table() {
    return name == null ? source : name;
  }

  DagNode called(String newSource) {
    return new DagNode(uid, newSource, name, persisted, inputs, form, constant, newFile, remark);
  }

  DagNode named(@Nullable String newName) {
    return new DagNode(uid, source, newName, persisted, inputs, form, constant, newFile, remark);
  }

  DagNode persisted(boolean now) {
    return new DagNode(uid, source, name, now, inputs, form, constant, newFile, remark);
  }

  DagNode reading(List<Integer> newInputs) {
    return new DagNode(uid, source, name, persisted, newInputs, form, constant, newFile, remark);
  }

  DagNode computing(Form newForm, int newConstant) {
    return new DagNode(uid, source, name, persisted, inputs, newForm, newConstant, newFile, remark);
  }

  DagNode inNewFile(boolean now) {
    return new DagNode(uid, source, name, persisted, inputs, form, constant, now, remark);
  }

  DagNode remarked(int newRemark) {
    return new DagNode(uid, source, name, persisted, inputs, form, constant, newFile, newRemark);
  }

  /** Such as {@code t3 "mart.n7" = SELECTED(t1, t2) + 4}. */
  @Override
  public String toString() {
    return "%s%s%s = %s%s + %d"
        .formatted(
            source,
            name == null ? "" : " \"" + name + "\"",
            persisted ? "" : " (not persisted)",
            form,
            inputs.stream().map(input -> "#" + input).toList(),
            constant);
  }
}
