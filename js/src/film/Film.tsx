// A film in place: its bytes come from the kernel in pieces and live in a blob URL as long as the view does.
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, Icon } from "../ui/controls";
import { download, loop } from "../ui/icons";
import type { Wire } from "../ui/wire";
import { playOnceInView } from "./playOnce";
import { poster } from "./poster";
import "./film.css";

/** What the kernel says of a film: widgets/player.py. */
interface About {
  name: string;
  path: string;
}

type State =
  | { kind: "loading"; late: boolean }
  | { kind: "refused"; why: string }
  | { kind: "ready"; url: string; about: About };

interface Props {
  wire: Wire;
  /** Which film of this model, in the words of its Python half; a model of one film leaves it empty. */
  film?: string;
}

const PATIENCE = 8_000;

export function Film({ wire, film = "" }: Props) {
  const state = useSignal<State>({ kind: "loading", late: false });
  const attempt = useSignal(0);

  useEffect(() => {
    const own = new AbortController();
    state.value = { kind: "loading", late: false };
    const timer = setTimeout(() => {
      if (state.value.kind === "loading") state.value = { kind: "loading", late: true };
    }, PATIENCE);
    wire.ask<About>("film.bytes", { film }).then(
      ({ body, bytes }) => {
        if (own.signal.aborted) return;
        const url = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
        own.signal.addEventListener("abort", () => URL.revokeObjectURL(url));
        state.value = { kind: "ready", url, about: body };
      },
      (error: Error) => {
        if (!own.signal.aborted) state.value = { kind: "refused", why: error.message };
      },
    );
    return () => {
      clearTimeout(timer);
      own.abort();
    };
  }, [film, attempt.value]);

  const now = state.value;
  if (now.kind === "ready") return <Screen key={now.url} wire={wire} film={film} url={now.url} about={now.about} />;
  if (now.kind === "refused")
    return (
      <div class="kw-film-note" role="alert">
        <p>{now.why}</p>
        <Button label="Load again" look="line" onClick={() => attempt.value++} />
      </div>
    );
  return (
    <div class="kw-film-blank kw-soft">
      {now.late
        ? "Still waiting for the film: the kernel is busy with another cell, or gone. If nothing comes, run this cell again."
        : "Loading the film"}
    </div>
  );
}

interface ScreenProps {
  wire: Wire;
  film: string;
  url: string;
  about: About;
}

function Screen({ wire, film, url, about }: ScreenProps) {
  const video = useRef<HTMLVideoElement>(null);
  const looping = useSignal(false);
  const broken = useSignal("");

  useEffect(() => {
    const own = new AbortController();
    if (video.current) playOnceInView(video.current, own.signal);
    return () => own.abort();
  }, []);

  async function sendPoster({ currentTarget }: { currentTarget: HTMLVideoElement }) {
    const picture = await poster(currentTarget);
    // The poster is a courtesy to the saved notebook; the film plays without it.
    if (picture) wire.ask("film.poster", { film }, [await picture.arrayBuffer()]).catch(() => {});
  }

  return (
    <figure class="kw-film">
      {broken.value ? (
        <p class="kw-film-note" role="alert">
          {broken.value} The file itself is kept: download it here, or open {about.path} in another program.
        </p>
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: a generated film comes without any words to caption
        <video
          ref={video}
          class="kw-film-video"
          src={url}
          controls
          playsinline
          preload="auto"
          aria-label="Result"
          loop={looping.value}
          onLoadedData={sendPoster}
          onError={({ currentTarget }) => {
            broken.value = trouble(currentTarget.error);
          }}
        />
      )}
      <figcaption class="kw-film-bar">
        {!broken.value && <Pace video={video} looping={looping} />}
        <a class="kw-button kw-film-download" href={url} download={about.name} title="Download">
          <Icon>{download}</Icon>
          <span class="kw-hidden">Download</span>
        </a>
        <span class="kw-film-path kw-soft kw-small" title={about.path}>
          {about.path}
        </span>
      </figcaption>
    </figure>
  );
}

interface PaceProps {
  video: RefObject<HTMLVideoElement | null>;
  looping: Signal<boolean>;
}

/** Over and over, slower or faster. */
function Pace({ video, looping }: PaceProps) {
  return (
    <>
      <Button
        label="Loop"
        icon={loop}
        pressed={looping.value}
        onClick={() => {
          looping.value = !looping.value;
        }}
      />
      <select
        class="kw-field kw-number kw-film-speed"
        aria-label="Speed"
        title="Speed"
        onChange={({ currentTarget }) => {
          if (video.current) video.current.playbackRate = Number(currentTarget.value);
        }}
      >
        <option value="0.5">0.5×</option>
        <option value="1" selected>
          1×
        </option>
        <option value="2">2×</option>
      </select>
    </>
  );
}

function trouble(error: MediaError | null): string {
  if (error?.code === MediaError.MEDIA_ERR_DECODE) return "The film stopped: part of the file cannot be decoded.";
  return "This browser cannot play the film. It may lack the H.264 decoder, as some editors do.";
}
