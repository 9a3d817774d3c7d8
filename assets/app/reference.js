// The timeline of a reference: a playhead that follows the film, seeking by a click, a drag or the
// keyboard, and zooming. The server has laid out the lanes; here only the playhead moves.
import { useEffect, useRef } from "react";
import { lengthText } from "./language.js";

const MOST_ZOOM = 64;
const FRAME = 1 / 30;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];
const MARK_WIDTH = 76; // pixels that a mark of the ruler wants for itself
const film = () => document.getElementById("reference-video");

// Which shot a moment lies in: the last that begins before it.
function shotAt(starts, time) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= time + 1e-3) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function ReferenceAxis({ seconds, starts, onShot }) {
  const latest = useRef({});
  latest.current = { seconds, starts, onShot };
  useEffect(() => {
    const axis = document.getElementById("axis");
    const scroll = document.getElementById("axis-scroll");
    const head = document.getElementById("axis-head");
    const ruler = document.getElementById("axis-ruler");
    const clock = document.getElementById("axis-clock");
    let zoom = 1;
    let shown = -1;
    let told = 0;
    let turn = 0;
    let dragging = false;

    const tell = (shot) => {
      clearTimeout(told);
      // Shots that fly by are not asked for one by one.
      told = setTimeout(() => latest.current.onShot(shot), 150);
    };

    const draw = () => {
      const video = film();
      const { seconds: length, starts: begins } = latest.current;
      if (!video || !length) return;
      const time = Math.min(video.currentTime, length);
      head.style.left = `${(100 * time) / length}%`;
      head.setAttribute("aria-valuenow", time.toFixed(1));
      head.setAttribute("aria-valuetext", lengthText(time));
      clock.textContent = lengthText(Math.floor(time));
      const shot = shotAt(begins, time);
      if (shot !== shown) {
        axis.querySelector(".shot.now")?.classList.remove("now");
        axis.querySelector(`[data-shot="${shot}"]`)?.classList.add("now");
        shown = shot;
        tell(shot);
      }
      if (!dragging) follow((time / length) * axis.clientWidth);
    };

    // A zoomed axis turns its page when the playhead leaves it.
    const follow = (at) => {
      if (zoom === 1) return;
      if (at < scroll.scrollLeft || at > scroll.scrollLeft + scroll.clientWidth) {
        scroll.scrollLeft = at - scroll.clientWidth * 0.1;
      }
    };

    const run = () => {
      draw();
      const video = film();
      turn = video && !video.paused && !video.ended ? requestAnimationFrame(run) : 0;
    };
    const wake = (event) => event.target.id === "reference-video" && !turn && run();

    const seek = (time) => {
      const video = film();
      if (!video) return;
      video.currentTime = Math.max(0, Math.min(time, latest.current.seconds - FRAME / 2));
      draw();
    };
    const momentOf = (event) => {
      const box = axis.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width) * latest.current.seconds;
    };

    const down = (event) => {
      if (event.button !== 0) return;
      // What is clicked may be narrow: a finger takes hold of its start.
      const thing = event.target.closest("[data-at]:not(.shot)");
      if (thing) return;
      dragging = true;
      axis.setPointerCapture(event.pointerId);
      seek(momentOf(event));
    };
    const move = (event) => dragging && seek(momentOf(event));
    const up = () => (dragging = false);
    const click = (event) => {
      const thing = event.target.closest("[data-at]");
      // A click that a key has made knows no place; on a mark its start is meant.
      if (thing && (event.detail === 0 || !thing.classList.contains("shot"))) seek(Number(thing.dataset.at));
    };

    const pressed = (event) => {
      const time = film()?.currentTime ?? 0;
      const step = event.shiftKey ? 1 : FRAME;
      const places = { ArrowLeft: time - step, ArrowRight: time + step, Home: 0, End: latest.current.seconds };
      if (event.key in places) {
        event.preventDefault();
        seek(places[event.key]);
      } else if (event.key === " ") {
        event.preventDefault();
        const video = film();
        if (video?.paused) video.play();
        else video?.pause();
      }
    };

    const rule = () => {
      const { seconds: length } = latest.current;
      const most = Math.max(1, axis.clientWidth / MARK_WIDTH);
      const step = STEPS.find((each) => length / each <= most) ?? length;
      const marks = [];
      for (let at = 0; at <= length; at += step) {
        const mark = document.createElement("span");
        mark.style.left = `${(100 * at) / length}%`;
        mark.textContent = lengthText(at);
        marks.push(mark);
      }
      ruler.replaceChildren(...marks);
    };

    const zoomTo = (wanted, place) => {
      const next = Math.max(1, Math.min(MOST_ZOOM, wanted));
      const head = latest.current.seconds ? (film()?.currentTime ?? 0) / latest.current.seconds : 0;
      const share = place ?? head;
      const before = share * axis.clientWidth - scroll.scrollLeft;
      zoom = next;
      axis.style.inlineSize = `${100 * zoom}%`;
      axis.dataset.zoomed = zoom > 1;
      const inside = Math.max(0, Math.min(scroll.clientWidth, before));
      scroll.scrollLeft = share * axis.clientWidth - inside;
    };
    const zoomed = (event) => {
      const way = event.target.closest("[data-zoom]")?.dataset.zoom;
      if (way) zoomTo(way === "in" ? zoom * 2 : zoom / 2);
    };
    const wheel = (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = axis.getBoundingClientRect();
      zoomTo(zoom * Math.exp(-event.deltaY / 300), (event.clientX - box.left) / box.width);
    };

    const media = ["play", "pause", "seeking", "seeked", "timeupdate", "loadedmetadata"];
    // Of a film the events stay at it: they are heard on their way down.
    for (const kind of media) document.addEventListener(kind, wake, true);
    document.addEventListener("click", zoomed);
    axis.addEventListener("pointerdown", down);
    axis.addEventListener("pointermove", move);
    axis.addEventListener("pointerup", up);
    axis.addEventListener("pointercancel", up);
    axis.addEventListener("click", click);
    head.addEventListener("keydown", pressed);
    scroll.addEventListener("wheel", wheel, { passive: false });
    const measured = new ResizeObserver(rule);
    measured.observe(axis);
    draw();
    return () => {
      measured.disconnect();
      for (const kind of media) document.removeEventListener(kind, wake, true);
      document.removeEventListener("click", zoomed);
      scroll.removeEventListener("wheel", wheel);
      cancelAnimationFrame(turn);
      clearTimeout(told);
    };
  }, []);
  return null;
}
