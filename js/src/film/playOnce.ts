// A fresh film shows itself once, silently, as soon as it is on screen; after that it is the reader's.

/** Plays from the start to the end without sound when half of the film is in view; not for those who prefer stillness. */
export function playOnceInView(video: HTMLVideoElement, signal: AbortSignal): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      if (!video.paused || video.currentTime > 0) return;
      video.muted = true;
      // A browser that forbids it leaves the first frame and the play button, which is just as good.
      video.play().catch(() => {});
    },
    { threshold: 0.5 },
  );
  observer.observe(video);
  signal.addEventListener("abort", () => observer.disconnect());
  // Whoever presses play again means to hear it.
  video.addEventListener("ended", () => (video.muted = false), { once: true, signal });
}
