// The still that stands for a film where it cannot play: a saved notebook, GitHub.

const WIDTH = 640;

/** The frame on screen as a JPEG of at most 640 px a side; null where the browser will not give it. */
export function poster(video: HTMLVideoElement): Promise<Blob | null> {
  const scale = Math.min(1, WIDTH / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
}
