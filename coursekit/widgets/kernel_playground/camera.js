// The camera: asked for by a click, never before; its picture goes nowhere but into this page.
// Pictures are {shape: [rows, columns], data: Float64Array}, grey from 0 to 1.

/** Pixels on each side of the camera's picture: the middle square of what the camera sees. */
export const CAMERA_SIDE = 256;

/** What is said before the camera is asked for, and while it is on. */
export const CAMERA_PROMISE = "Its picture stays in your browser.";

/** Why the camera cannot be used, as one sentence. `name` is that of the browser's error. */
export function cameraReason(name) {
  const reasons = {
    absent: "This page cannot ask for a camera: browsers allow it on https and on localhost only.",
    NotAllowedError: "The camera was refused. To use it, allow it in the browser's address bar.",
    NotFoundError: "No camera was found.",
    NotReadableError: "The camera is in use by another program.",
    ended: "The camera was switched off.",
  };
  return `${reasons[name] ?? `The camera cannot be used (${name}).`} Everything else works without it.`;
}

/** Turn the colours of `pixels` (red, green, blue, opacity in bytes) into grey from 0 to 1. */
export function greyOf(pixels, into) {
  for (let at = 0, from = 0; at < into.length; at++, from += 4) {
    into[at] = (0.2126 * pixels[from] + 0.7152 * pixels[from + 1] + 0.0722 * pixels[from + 2]) / 255;
  }
}

/** The middle square of a frame: [x, y, side]. */
export function middleSquare(width, height) {
  const side = Math.min(width, height);
  return [(width - side) / 2, (height - side) / 2, side];
}

/**
 * A camera that is off. `onFrame()` is called for each new picture, `onEnd(reason)` when it stops by itself.
 * `start()` asks the reader; it resolves to "" or to the reason why not. `grab()` writes the present frame to
 * `picture`.
 */
export function createCamera({ onFrame, onEnd }) {
  const picture = { shape: [CAMERA_SIDE, CAMERA_SIDE], data: new Float64Array(CAMERA_SIDE ** 2) };
  let [stream, video, context, isWanted] = [null, null, null, false];

  const stop = () => {
    isWanted = false;
    stream?.getTracks().forEach((track) => track.stop());
    if (video) video.srcObject = null;
    [stream, video] = [null, null];
  };
  const next = () => {
    const watched = video;
    const go = () => {
      if (watched !== video || !video) return;
      onFrame();
      next();
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(go);
    else requestAnimationFrame(go);
  };
  const start = async () => {
    if (!navigator.mediaDevices?.getUserMedia) return cameraReason("absent");
    isWanted = true;
    try {
      const asked = { video: { width: { ideal: 640 }, height: { ideal: 480 } }, audio: false };
      const given = await navigator.mediaDevices.getUserMedia(asked);
      if (!isWanted) return given.getTracks().forEach((track) => track.stop()) ?? "";
      stream = given;
      given.getVideoTracks()[0].addEventListener("ended", () => {
        stop();
        onEnd(cameraReason("ended"));
      });
      video = document.createElement("video");
      Object.assign(video, { muted: true, playsInline: true, srcObject: given });
      await video.play();
      if (video) next();
      return "";
    } catch (error) {
      stop();
      return cameraReason(error.name);
    }
  };
  const grab = () => {
    if (!video?.videoWidth) return;
    context ??= Object.assign(document.createElement("canvas"), {
      width: CAMERA_SIDE,
      height: CAMERA_SIDE,
    }).getContext("2d", { willReadFrequently: true });
    const [x, y, side] = middleSquare(video.videoWidth, video.videoHeight);
    context.drawImage(video, x, y, side, side, 0, 0, CAMERA_SIDE, CAMERA_SIDE);
    greyOf(context.getImageData(0, 0, CAMERA_SIDE, CAMERA_SIDE).data, picture.data);
  };
  return { start, stop, grab, picture, isOn: () => stream !== null };
}
