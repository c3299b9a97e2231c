package dev.ingot.state.catalog;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What servers did to the claim of one package, and whether it is what a compare-and-set register
 * that holds the RUNNING run, or none, could have answered (Herlihy and Wing's linearizability).
 *
 * <p>The check is exact: it looks for an order of all calls in which none comes before one that had
 * returned when it began, and in which the register answers each as it was answered. An order that
 * is the same set of calls and leaves the same run is followed once.
 */
final class ClaimHistory {

  static final String NONE = "";

  /** What a call did to the register, or was told of it. */
  sealed interface Step {

    /** The run went from none to this one. */
    record Taken(String run) implements Step {}

    /** It was this other run's. */
    record Refused(String holder) implements Step {}

    /** It went from this run to none. */
    record Freed(String run) implements Step {}

    /** It wasn't this run's. */
    record NotFreed(String run) implements Step {}
  }

  /**
   * @param invoked before the call, in nanoseconds of one clock
   * @param returned after it
   */
  record Call(long invoked, long returned, Step step) {}

  private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

  /** Does something and remembers when. */
  <T> T record(Supplier<T> call, Function<T, Step> step) {
    long invoked = System.nanoTime();
    T result = call.get();
    calls.add(new Call(invoked, System.nanoTime(), step.apply(result)));
    return result;
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Whether a register that begins with none could have answered so. */
  static boolean isLinearizable(List<Call> calls) {
    return new Search(calls).found();
  }

  private static final class Search {

    private final List<Call> calls;
    private final Set<State> seen = new HashSet<>();

    private record State(BitSet done, String holder) {}

    Search(List<Call> calls) {
      this.calls = new ArrayList<>(calls);
      this.calls.sort((a, b) -> Long.compare(a.invoked(), b.invoked()));
    }

    boolean found() {
      var open = new ArrayList<State>();
      open.add(new State(new BitSet(), NONE));
      while (!open.isEmpty()) {
        State state = open.removeLast();
        if (state.done().cardinality() == calls.size()) {
          return true;
        }
        open.addAll(next(state));
      }
      return false;
    }

    private List<State> next(State state) {
      var next = new ArrayList<State>();
      long firstReturn = Long.MAX_VALUE;
      for (int i = state.done().nextClearBit(0); i < calls.size(); i = after(state, i)) {
        Call call = calls.get(i);
        if (call.invoked() > firstReturn) {
          // They are in the order of their beginning: one that isn't done had ended before.
          break;
        }
        firstReturn = Math.min(firstReturn, call.returned());
        String holder = answer(state.holder(), call.step());
        if (holder != null) {
          var done = (BitSet) state.done().clone();
          done.set(i);
          var reached = new State(done, holder);
          if (seen.add(reached)) {
            next.add(reached);
          }
        }
      }
      return next;
    }

    private static int after(State state, int i) {
      return state.done().nextClearBit(i + 1);
    }

    /** Who has it after a step; null when the register would not have answered so. */
    private static @Nullable String answer(String holder, Step step) {
      return switch (step) {
        case Step.Taken(String run) -> holder.equals(NONE) ? run : null;
        case Step.Refused(String other) -> holder.equals(other) ? holder : null;
        case Step.Freed(String run) -> holder.equals(run) ? NONE : null;
        case Step.NotFreed(String run) -> holder.equals(run) ? null : holder;
      };
    }
  }
}
