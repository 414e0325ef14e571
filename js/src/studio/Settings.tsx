// The prompt, and which model makes the film in which mode and length.
import type { ReadonlySignal } from "@preact/signals";
import { durations, inWords, models, modes, withMode, withModel } from "./choices";
import type { Choice, Row } from "./state";

const LONGEST_PROMPT = 2500;

interface Props {
  rows: readonly Row[];
  prompt: ReadonlySignal<string>;
  choice: Choice;
  /** The nearest that can make it, where the chosen ones cannot and nobody else says so. */
  remedy: Choice | null;
  onPrompt(prompt: string): void;
  onChoose(choice: Choice): void;
}

export function Settings({ rows, prompt, choice, remedy, onPrompt, onChoose }: Props) {
  return (
    <div class="kw-settings">
      <label class="kw-settings-prompt">
        <span class="kw-settings-head">
          Prompt
          <span class={`kw-small kw-number ${prompt.value.length > LONGEST_PROMPT ? "kw-error" : "kw-soft"}`}>
            {prompt.value.length}/{LONGEST_PROMPT}
          </span>
        </span>
        <textarea
          class="kw-field"
          rows={3}
          aria-label="Prompt"
          placeholder="What happens, in a sentence"
          value={prompt.value}
          onInput={({ currentTarget }) => onPrompt(currentTarget.value)}
        />
      </label>
      <div class="kw-settings-row">
        <Select
          label="Model"
          value={choice.model}
          options={models(rows).map((model) => ({ value: model, words: model, off: false }))}
          onChange={(model) => onChoose(withModel(rows, choice, model))}
        />
        <Select
          label="Mode"
          value={choice.mode}
          options={modes(rows, choice.model).map(({ value, off }) => ({ value, words: value || "one mode", off }))}
          onChange={(mode) => onChoose(withMode(rows, choice, mode))}
        />
        <Select
          label="Duration"
          value={String(choice.duration)}
          options={durations(rows, choice).map(({ value, off }) => ({
            value: String(value),
            words: `${value} s`,
            off,
          }))}
          onChange={(duration) => onChoose({ ...choice, duration: Number(duration) })}
        />
      </div>
      {remedy && <Remedy remedy={remedy} onChoose={onChoose} />}
    </div>
  );
}

function Remedy({ remedy, onChoose }: { remedy: Choice; onChoose(choice: Choice): void }) {
  return (
    <button type="button" class="kw-settings-remedy" onClick={() => onChoose(remedy)}>
      Use {inWords(remedy)}
    </button>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly { value: string; words: string; off: boolean }[];
  onChange(value: string): void;
}

function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <label class="kw-settings-select">
      <span class="kw-soft kw-small">{label}</span>
      <select
        class="kw-field"
        aria-label={label}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {options.map(({ value, words, off }) => (
          <option key={value} value={value} disabled={off}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
