// Uses the npm package kling-api as its readers would; everything it saw goes to stdout as one JSON object.
// argv: base URL, access key, secret key, photo, mask (files)
import { readFileSync } from "node:fs";
import { KlingAPI } from "kling-api";

const [baseUrl, accessKey, secretKey, photo, maskFile] = process.argv.slice(2);
const api = new KlingAPI({ accessKey, secretKey, baseUrl });
const patience = { interval: 100, timeout: 120_000, showSpinner: false };
const mask = readFileSync(maskFile).toString("base64");

async function refusal(call) {
  try {
    await call();
    return null;
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message };
  }
}

async function textToVideo() {
  const made = await api.textToVideo({
    prompt: "A lighthouse by the sea at night",
    model_name: "kling-v2-6",
    mode: "pro",
    sound: "on",
    aspect_ratio: "9:16",
    duration: "5",
    external_task_id: "node-words",
  });
  const ended = await api.waitForVideoResult(made.data.task_id, (id) => api.queryTextToVideoTask(id), patience);
  return { made, ended, byOwnId: await api.queryTextToVideoTask("node-words") };
}

async function motionBrush() {
  const made = await api.imageToVideo({
    image: photo,
    prompt: "The rocket rises",
    model_name: "kling-v1-5",
    mode: "pro",
    duration: "5",
    aspect_ratio: "16:9",
    dynamic_masks: [{ mask, trajectories: [{ x: 140, y: 187 }, { x: 140, y: 327 }] }],
  });
  return { made, ended: await api.waitForVideoResult(made.data.task_id, (id) => api.queryImageToVideoTask(id), patience) };
}

async function camera() {
  const made = await api.imageToVideo({
    image: photo,
    prompt: "The camera rises",
    model_name: "kling-v1-5",
    mode: "pro",
    camera_control: { type: "simple", config: { vertical: 5 } },
  });
  return { made, ended: await api.waitForVideoResult(made.data.task_id, (id) => api.queryImageToVideoTask(id), patience) };
}

async function pictures() {
  const made = await api.generateImage({ prompt: "A lighthouse", model_name: "kling-v2-1", n: 2, aspect_ratio: "3:2" });
  return { made, ended: await api.waitForImageResult(made.data.task_id, (id) => api.queryImageGenTask(id), patience) };
}

const account = await api.getAccountInfo(Date.now() - 3_600_000, Date.now());
const films = { textToVideo: await textToVideo(), motionBrush: await motionBrush(), camera: await camera() };
const refused = {
  promptForgotten: await refusal(() => api.imageToVideo({ image: photo, model_name: "kling-v2-6" })),
  brushOnV16: await refusal(() =>
    api.imageToVideo({
      image: photo,
      prompt: "The rocket rises",
      model_name: "kling-v1-6",
      mode: "pro",
      dynamic_masks: [{ mask, trajectories: [{ x: 140, y: 187 }, { x: 140, y: 327 }] }],
    }),
  ),
  usedTwice: await refusal(() => api.textToVideo({ prompt: "Again", model_name: "kling-v1", external_task_id: "node-words" })),
  unknownTask: await refusal(() => api.queryImageToVideoTask("842250903629086720")),
  omni: await refusal(() => api.omniVideo({ prompt: "A wave" })),
};
const stranger = new KlingAPI({ accessKey, secretKey: "not the secret of this account", baseUrl });
refused.wrongSecret = await refusal(() => stranger.queryTextToVideoTask("node-words"));

console.log(JSON.stringify({ account, ...films, pictures: await pictures(), refused }));
