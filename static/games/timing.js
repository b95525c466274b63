// Time as the eye has it: measured by performance.now() at the frame in which a thing is shown.

export const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

// Waits so many milliseconds, to the nearest frame. While the page is hidden no frames come, and
// the wait lasts until it is seen again.
export async function wait(ms) {
  const start = performance.now();
  const half = 4;
  while (performance.now() - start < ms - half) await frame();
}

// Milliseconds on the clock, after what was drawn before has reached the screen.
export async function shown() {
  await frame();
  return performance.now();
}

// How often somebody left the page; stop() gives the number and ends counting.
export function watchFocus() {
  let times = 0;
  const leave = () => { times += 1; };
  const hide = () => { if (document.hidden) times += 1; };
  window.addEventListener("blur", leave);
  document.addEventListener("visibilitychange", hide);
  return () => {
    window.removeEventListener("blur", leave);
    document.removeEventListener("visibilitychange", hide);
    return times;
  };
}

// What the device is, as far as it bears on times; nothing that tells people apart.
export async function device() {
  const stamps = [];
  for (let i = 0; i < 24; i += 1) stamps.push(await frame());
  const steps = stamps.slice(1).map((stamp, i) => stamp - stamps[i]).sort((a, b) => a - b);
  const middle = steps[Math.floor(steps.length / 2)];
  return {
    pixel_ratio: Math.round(window.devicePixelRatio * 100) / 100,
    refresh_hz: middle > 0 ? Math.round(1000 / middle) : null,
    pointer: window.matchMedia("(pointer: coarse)").matches ? "coarse" : "fine",
    width: window.innerWidth,
    height: window.innerHeight,
    reduced_motion: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}
