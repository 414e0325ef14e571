// One task: its state in words, the time it takes, and its film or pictures in place once they are there.
import type { AnyModel } from "@anywidget/types";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { Film } from "../film/Film";
import { Button } from "../ui/controls";
import { copy, done } from "../ui/icons";
import { trait } from "../ui/trait";
import type { Wire } from "../ui/wire";
import { Pictures } from "./Pictures";
import { clock, elapsed, ended, foundWords, inWords, lostWords, type TaskState, type TaskTraits } from "./state";
import { useKernelClock } from "./useKernelClock";
import "./task.css";

interface Props {
  model: AnyModel<TaskTraits>;
  wire: Wire;
  signal: AbortSignal;
}

export function TaskPanel({ model, wire, signal }: Props) {
  const held = useMemo(() => trait(model, "_task_state", signal), [model, signal]);
  const state = held.value;
  const { now, gone } = useKernelClock(wire, !ended(state) || state.lost !== null);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <section class="kw-task" role="group" aria-label="Task">
      <header class="kw-task-head">
        <Mark state={state} gone={gone !== ""} />
        <span role="status" class="kw-task-words">
          {inWords(state)}
        </span>
        <span role="timer" aria-label="Elapsed" class="kw-number kw-soft">
          {clock(elapsed(state, now))}
        </span>
        <span class="kw-soft">{cost(state)}</span>
      </header>
      {state.found && <p class="kw-task-notice kw-task-found kw-soft">{foundWords(state, Date.now())}</p>}
      <Notice state={state} wire={wire} now={now} gone={gone} />
      {state.film === "ready" &&
        (state.pictures ? (
          <Pictures key={state.id} wire={wire} count={state.pictures} />
        ) : (
          <Film key={state.id} wire={wire} film={state.id} />
        ))}
      <footer class="kw-task-foot kw-soft kw-small">
        Task <TaskId id={state.id} />
      </footer>
    </section>
  );
}

/** A still mark for an end, a turning ring for what goes on; its meaning stands beside it in words. */
function Mark({ state, gone }: { state: TaskState; gone: boolean }) {
  return <span class={`kw-task-mark kw-task-mark-${look(state, gone)}`} aria-hidden="true" />;
}

function look({ status, film, trouble, lost, watching }: TaskState, gone: boolean): string {
  if (status === "failed") return "failed";
  if (film === "ready") return "done";
  if (gone || trouble || lost) return "stuck";
  return watching ? "busy" : "still";
}

function cost({ units, offline }: TaskState): string {
  if (offline) return "offline rehearsal, free";
  if (units === null) return "";
  return `${units} ${units === 1 ? "unit" : "units"}`;
}

interface NoticeProps {
  state: TaskState;
  wire: Wire;
  now: number;
  gone: string;
}

/** What the reader should know or do; nothing while all is well. */
function Notice({ state, wire, now, gone }: NoticeProps) {
  const refused = useSignal("");

  function retry() {
    refused.value = "";
    wire.ask("task.retry").catch((error: Error) => {
      refused.value = error.message;
    });
  }

  if (state.status === "failed")
    return (
      <div class="kw-task-notice" role="alert">
        <p class="kw-error">{state.message || "The service gave no reason."}</p>
        <p>
          {state.reason} {state.offline ? "Nothing was spent." : "A failed task is normally not billed."}
        </p>
      </div>
    );
  if (gone)
    return (
      <p class="kw-task-notice">
        {gone} The task itself goes on at {state.origin}.
      </p>
    );
  if (state.trouble)
    return (
      <div class="kw-task-notice" role="alert">
        <p class="kw-error">{state.trouble}</p>
        <p>{refused.value}</p>
        <Button label="Retry" look="line" onClick={retry} />
      </div>
    );
  if (state.lost)
    return (
      <p class="kw-task-notice kw-number" aria-live="off">
        {lostWords(state, now)}
      </p>
    );
  if (!state.watching && state.film !== "ready")
    return (
      <p class="kw-task-notice kw-soft">
        This is the state it was given. Watching needs a notebook: make the view in a cell, or await its done().
      </p>
    );
  return null;
}

function TaskId({ id }: { id: string }) {
  const copied = useSignal(false);

  async function copyId() {
    // Hosts over plain http have no clipboard; the id can still be selected by hand.
    await navigator.clipboard?.writeText(id);
    copied.value = navigator.clipboard !== undefined;
  }

  return (
    <>
      <code class="kw-task-id">{id}</code>
      <Button
        label={copied.value ? "Copied" : "Copy task id"}
        icon={copied.value ? done : copy}
        class="kw-task-copy"
        onClick={copyId}
      />
    </>
  );
}
