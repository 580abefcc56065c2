const root = document.documentElement;
const hour = 3600, day = 24 * hour, week = 7 * day;
const off = new Set();   // keys of what is switched off
const charts = [];
let colors = {};

// Numbers as text: the same forms as in the tables of the page.
const thin = '\u202f';
const grouped = digits => digits.replace(/\B(?=(\d{3})+$)/g, thin);
function number(x) {
  if (x < 0) return '−' + number(-x);
  if (x >= 999.5) return grouped(String(Math.round(x)));
  if (x === 0) return '0';
  return String(Number(x.toPrecision(x < 0.001 ? 2 : 3)));
}
function share(x) {
  const percent = 100 * x;
  if (percent === 0 || percent === 100) return percent + ' %';
  if (percent > 0 && percent < 0.01) return '< 0.01\u00a0%';
  return percent.toFixed(percent < 1 || percent >= 99.9 && percent < 100 ? 2 : 1) + ' %';
}
function duration(seconds) {
  if (seconds < 100) return number(seconds) + ' s';
  if (seconds < 6000) return number(seconds / 60) + ' min';
  if (seconds < 48 * hour) return number(seconds / hour) + ' h';
  return number(seconds / day) + ' d';
}
function nanoseconds(ns) {
  if (ns < 999.5) return number(ns) + ' ns';
  if (ns < 999.5e3) return number(ns / 1e3) + ' µs';
  if (ns < 999.5e6) return number(ns / 1e6) + ' ms';
  return duration(ns / 1e9);
}
// percentile keeps more digits: what counts is the nines.
const percentile = x => String(Number(x.toPrecision(6)));
const writers = {count: number, share, nanoseconds};

// unpack reads a list of numbers: differences in base 32, lowest digit first; '!' and a number stand for so many zeros.
const digitOf = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((letter, i) => { digitOf[letter.charCodeAt(0)] = i; });
function unpack({text, scale, count}) {
  const values = new Float64Array(count), bytes = new TextEncoder().encode(text);
  let last = 0;
  for (let at = 0, k = 0; k < count;) {
    const zeros = bytes[at] === 33;
    if (zeros) at++;
    let digit = digitOf[bytes[at++]], n = digit & 31;
    for (let factor = 32; digit >= 32; factor *= 32) {
      digit = digitOf[bytes[at++]];
      n += (digit & 31) * factor;
    }
    if (zeros) {
      if (last) values.fill(last / scale, k, k + n);
      k += n;
    } else {
      last += n % 2 ? (1 - n) / 2 : n / 2;
      values[k++] = last / scale;
    }
  }
  return values;
}

// Colours come from the style sheet, so that they follow the theme.
function readColors() {
  const style = getComputedStyle(root);
  colors = new Proxy({}, {get: (known, name) => known[name] ??= style.getPropertyValue('--' + name).trim()});
}
function faint(color, alpha) {
  const n = parseInt(color.slice(1), 16);
  return `rgba(${n >> 16},${n >> 8 & 255},${n & 255},${alpha})`;
}
const patterns = {};
function areaFill(u, series) {
  const color = colors[series.paint];
  if (!series.hatch || series.hatch === 'plain') return color;
  const size = Math.round(7 * devicePixelRatio), key = color + series.hatch + size;
  return patterns[key] ??= hatched(u.ctx, color, series.hatch.split('-'), size);
}
function hatched(ctx, color, [shape, ink], size) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const c = tile.getContext('2d');
  c.fillStyle = color;
  c.fillRect(0, 0, size, size);
  c.strokeStyle = ink === 'white' ? 'rgba(255,255,255,.6)' : 'rgba(0,0,0,.4)';
  c.lineWidth = 1.25 * devicePixelRatio;
  const stroke = (...p) => { c.beginPath(); c.moveTo(p[0] * size, p[1] * size); c.lineTo(p[2] * size, p[3] * size); c.stroke(); };
  for (const k of [-1, 0, 1]) {
    if (shape === 'rising' || shape === 'crossed') stroke(k - .1, 1.1, k + 1.1, -.1);
    if (shape === 'falling' || shape === 'crossed') stroke(k - .1, -.1, k + 1.1, 1.1);
  }
  if (shape === 'level') stroke(0, .5, 1, .5);
  if (shape === 'upright') stroke(.5, 0, .5, 1);
  return ctx.createPattern(tile, 'repeat');
}

// Time, in UTC: x is seconds since the start of the run.
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = n => String(n).padStart(2, '0');
const dateOf = (plot, x) => new Date((plot.start + x) * 1000);
const dayText = t => t.getUTCDate() + ' ' + months[t.getUTCMonth()];
const clockText = t => pad(t.getUTCHours()) + ':' + pad(t.getUTCMinutes());
const mondayBefore = start => Math.floor((start - 4 * day) / week) * week + 4 * day;
function instant(plot, x, fine) {
  const t = dateOf(plot, x), number = Math.floor((plot.start + x - mondayBefore(plot.start)) / week) + 1;
  return `W${number}, ${weekdays[t.getUTCDay()]} ${dayText(t)} ${t.getUTCFullYear()}` + (fine ? ' ' + clockText(t) + ' UTC' : '');
}
const timeSteps = [60, 300, 600, 1800, hour, 3 * hour, 6 * hour, 12 * hour, day, week, 2 * week, 4 * week, 8 * week, 16 * week, 32 * week, 64 * week, 128 * week];
function timeSplits(plot, min, max, room) {
  const step = timeSteps.find(s => (max - min) / s <= room) ?? 256 * week;
  const from = mondayBefore(plot.start) - plot.start, places = [];
  for (let x = from + Math.ceil((min - from) / step - 1e-9) * step; x <= max && x < plot.x.to - 1e-6; x += step) places.push(x);
  return {step, places};
}
// columnSplits are where columns begin that are not those of the calendar.
function columnSplits(plot, min, max, room) {
  const step = plot.x.step * Math.max(1, Math.ceil((max - min) / plot.x.step / room)), places = [];
  for (let x = Math.ceil(min / step - 1e-9) * step; x <= max && x < plot.x.to - 1e-6; x += step) places.push(x);
  return places;
}
function timeLabels(plot, places) {
  const step = places.length > 1 ? places[1] - places[0] : day;
  let year = 0, date = '';
  return places.map((x, i) => {
    const t = dateOf(plot, x);
    if (step >= week) {
      const n = Math.round((plot.start + x - mondayBefore(plot.start)) / week) + 1;
      const dated = i === 0 || i % 4 === 0 || places.length <= 6;
      const text = `W${n}` + (dated ? '\n' + dayText(t) + (t.getUTCFullYear() !== year ? ' ' + t.getUTCFullYear() : '') : '');
      if (dated) year = t.getUTCFullYear();
      return text;
    }
    if (step >= day) return weekdays[t.getUTCDay()] + '\n' + dayText(t);
    const changed = dayText(t) !== date;
    date = dayText(t);
    return clockText(t) + (changed ? '\n' + weekdays[t.getUTCDay()] + ' ' + date : '');
  });
}

function decades(min, max) {
  const places = [];
  for (let x = 10 ** Math.round(Math.log10(min)); x <= max * 1.001; x *= 10) places.push(x);
  return places;
}

// bins puts the steps of a stack into columns: of whole days where three weeks and more are seen, else as fine as can be told apart.
const binLengths = [60, 300, 900, 1800, hour, 3 * hour, 6 * hour, 12 * hour, day, week, 4 * week, 52 * week];
function bins(plot, counts, min, max) {
  const step = plot.x.step, n = counts[0]?.length ?? 0, seen = max - min;
  const least = Math.max(step, plot.y.least && seen >= 3 * week ? plot.y.least : 0);
  let length = step;
  if (seen / step > 250 || step < least) length = binLengths.find(l => l >= least && seen / l <= 250) ?? 52 * week;
  const offset = plot.start - mondayBefore(plot.start), starts = [];
  let before = null;
  for (let i = 0; i < n; i++) {
    const ordinal = length > step ? Math.floor((offset + i * step) / length) : i;
    if (ordinal !== before) starts.push(i);
    before = ordinal;
  }
  const sums = counts.map(list => starts.map((start, column) => {
    const end = starts[column + 1] ?? n;
    let sum = 0;
    for (let i = start; i < end; i++) sum += list[i];
    return sum;
  }));
  const from = starts.map(i => i * step);
  const to = from.map((_, i) => i + 1 < from.length ? from[i + 1] : Math.min(n * step, plot.x.to));
  const [first, end] = plot.y.per ? wholeColumns(from, to, length) : [0, from.length];
  return {from: from.slice(first, end), to: to.slice(first, end), sums: sums.map(list => list.slice(first, end)), length};
}
// wholeColumns leaves out the part of a column with which the run begins or ends, unless few are left then.
function wholeColumns(from, to, length) {
  const part = i => to[i] - from[i] < length - 1e-6;
  let first = 0, end = from.length;
  if (end > 0 && part(0)) first = 1;
  if (end > first && part(end - 1)) end--;
  return end - first < 3 ? [0, from.length] : [first, end];
}
// span writes a length of time that somebody chose: in weeks, days or hours where it is so many.
function span(seconds) {
  for (const [length, name] of [[week, 'week'], [day, 'day'], [hour, 'hour']]) {
    const n = seconds / length;
    if (n >= 1 && Number.isInteger(n)) return n === 1 ? '1 ' + name : number(n) + ' ' + name + 's';
  }
  return duration(seconds);
}
// leftOut says what of the run is in no column, since it is a part of one.
function leftOut(plot, bins) {
  const first = bins.from[0] ?? 0, last = plot.x.to - (bins.to.at(-1) ?? plot.x.to), ends = [];
  if (first > 0) ends.push('first ' + span(first));
  if (last > 1e-6) ends.push('last ' + span(last));
  return ends.length ? ' · ' + ends.join(' and ') + ' left out: ' + (ends.length > 1 ? 'parts' : 'part') + ' of ' + span(bins.length).replace(/^1 (?=h)/, 'an ').replace(/^1 /, 'a ') : '';
}
