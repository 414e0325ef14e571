// The whole of it on one surface: the photo and its drawing, what to make of it, what it costs, what came of it.
import type { AnyModel } from "@anywidget/types";
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { openDesk } from "../brush/desk";
import { MotionBrush } from "../brush/MotionBrush";
import { Effects } from "../effects/Effects";
import { TaskPanel } from "../task/TaskPanel";
import { trait } from "../ui/trait";
import type { Problem, Wire } from "../ui/wire";
import { brushless } from "./brushless";
import { Photo } from "./Photo";
import { Settings } from "./Settings";
import { Spend } from "./Spend";
import type { Account, Choice, StudioTraits, Tab } from "./state";
import { Takes } from "./Takes";
import { useBalance } from "./useBalance";
import { useQuote } from "./useQuote";
import "./studio.css";

interface Props {
  model: AnyModel<StudioTraits>;
  wire: Wire;
  signal: AbortSignal;
}

const TABS: readonly { tab: Tab; words: string }[] = [
  { tab: "motion", words: "Motion" },
  { tab: "effects", words: "Effects" },
];

export function Studio({ model, wire, signal }: Props) {
  const held = useMemo(() => {
    const of = <Name extends keyof StudioTraits>(name: Name) => trait(model, name, signal);
    return {
      tab: of("tab"),
      prompt: of("prompt"),
      model: of("model_name"),
      mode: of("mode"),
      duration: of("duration"),
      scene: of("scene"),
      photos: of("_effects_photos"),
      takes: of("_takes"),
      before: of("_takes_before"),
      journal: of("_takes_trouble"),
      task: of("_task_state"),
    };
  }, [model, signal]);
  const desk = useMemo(() => openDesk(model, signal), [model, signal]);
  useSignalEffect(() => {
    desk.duration.value = held.duration.value;
  });
  const account = useSignal<Account | null>(null);
  const trouble = useSignal("");
  const note = useSignal("");
  const busy = useSignal(false);

  useEffect(() => {
    wire.ask<Account>("studio.open").then(
      ({ body }) => {
        account.value = body;
      },
      (error: Error) => {
        trouble.value = error.message;
      },
    );
  }, [wire]);

  const { painting, version } = desk.document;
  version.value;
  const filled = painting.value !== null;
  const drawn = (painting.value?.history.canUndo ?? false) || (painting.value?.paths.size ?? 0) > 0;
  const tab = held.tab.value;
  const choice: Choice = { model: held.model.value, mode: held.mode.value, duration: held.duration.value };
  const wanted =
    tab === "motion"
      ? [tab, filled, version.value, choice.model, choice.mode, choice.duration, held.prompt.value]
      : [tab, held.scene.value, ...held.photos.value.map((photo) => photo?.mark)];
  const quote = useQuote(wire, wanted.join("\n"));
  const ended = held.takes.value.filter(({ status }) => status === "succeed" || status === "failed").length;
  const balance = useBalance(wire, account.value !== null && !account.value.offline, ended);

  function set(changes: Partial<StudioTraits>) {
    for (const [name, value] of Object.entries(changes)) model.set(name as keyof StudioTraits, value as never);
    try {
      model.save_changes();
    } catch {
      // The view goes on without the kernel; the next question says that it is gone.
    }
  }

  const choose = ({ model, mode, duration }: Choice) => set({ model_name: model, mode, duration });

  async function generate(another = false) {
    busy.value = true;
    trouble.value = "";
    note.value = "";
    try {
      const { body } = await wire.ask<{ made: boolean }>("studio.generate", { another });
      note.value = body.made ? "" : "This film was asked for before: here it is again, and nothing new was charged.";
    } catch (error) {
      trouble.value = (error as Error).message;
    }
    busy.value = false;
  }

  const lacking = brushless(quote.value, choose);
  const problem = quote.value?.problems[0];
  const hindrance = hindranceOf(tab, filled, held.prompt.value, held.scene.value);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="kw-studio" role="group" aria-label="Kling studio">
      <div class="kw-studio-tabs" role="tablist" aria-label="What moves the photo">
        {TABS.map(({ tab: name, words }) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            class="kw-studio-tab"
            onClick={() => set({ tab: name })}
          >
            {words}
          </button>
        ))}
      </div>
      {tab === "motion" ? (
        <div class="kw-studio-work">
          <Photo wire={wire} filled={filled} drawn={drawn}>
            <MotionBrush desk={desk} extra={lacking} />
          </Photo>
          {account.value && (
            <Settings
              rows={account.value.rows}
              prompt={held.prompt}
              choice={choice}
              remedy={lacking.length > 0 ? null : (quote.value?.remedy ?? null)}
              onPrompt={(prompt) => set({ prompt })}
              onChoose={choose}
            />
          )}
        </div>
      ) : (
        <Effects model={model as never} wire={wire} signal={signal} />
      )}
      <div class="kw-studio-says" role="status">
        {trouble.value ? (
          <p class="kw-error">{trouble.value}</p>
        ) : hindrance || problem ? (
          <p class="kw-soft">{hindrance || said(problem)}</p>
        ) : (
          quote.value?.warnings.map((words) => (
            <p key={words} class="kw-warn">
              {words}
            </p>
          ))
        )}
        {note.value && (
          <p>
            {note.value}{" "}
            <button type="button" class="kw-studio-again" disabled={busy.value} onClick={() => generate(true)}>
              Make another take
            </button>
          </p>
        )}
      </div>
      {account.value && (
        <Spend
          account={account.value}
          quote={quote.value}
          balance={balance.value}
          busy={busy.value}
          hindrance={hindrance || said(problem)}
          onGenerate={() => generate()}
        />
      )}
      <Takes
        takes={held.takes.value}
        before={held.before.value}
        trouble={held.journal.value}
        chosen={held.task.value.id ?? ""}
        onChoose={(id) =>
          wire.ask("takes.choose", { id }).catch((error: Error) => {
            trouble.value = error.message;
          })
        }
      />
      {held.task.value.id && <TaskPanel model={model as never} wire={wire} signal={signal} />}
    </div>
  );
}

/** The first thing that is missing, as the next thing to do. */
function hindranceOf(tab: Tab, filled: boolean, prompt: string, scene: string): string {
  if (tab === "effects") return scene ? "" : "Choose an effect first.";
  if (!filled) return "Bring a photo first.";
  return prompt.trim() ? "" : "Say in a sentence what happens.";
}

function said(problem: Problem | undefined): string {
  return problem ? `${problem.field}: ${problem.message} ${problem.fix}` : "";
}
