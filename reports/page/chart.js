// A chart is a plot, the element that it is drawn in, and what of it is seen.
class Chart {
  constructor(box) {
    this.box = box;
    this.figure = box.closest('.chart');
    this.plot = JSON.parse(this.figure.querySelector('script').textContent);
    this.unit = this.figure.querySelector('.unit');
    this.live = this.figure.querySelector('.canvas > [role=status]');
    const logarithmic = this.plot.x.kind === 'duration' || this.plot.x.kind === 'beyond';
    this.logarithmic = logarithmic;
    this.full = [logarithmic ? this.plot.x.from : this.plot.x.kind === 'number' ? 0 : this.plot.x.shown ?? 0, this.plot.x.to];
    this.range = [...this.full];
    this.tip = box.appendChild(document.createElement('div'));
    this.tip.className = 'tip';
    this.tip.hidden = true;
    this.draw();
    this.listen();
  }

  // values are all of every series. They are read when they are wanted: a stack of many steps can be shown without.
  get values() {
    return this.read ??= this.unpacked();
  }

  unpacked() {
    const steps = document.getElementById('steps-' + this.plot.name);
    const lists = (steps ? JSON.parse(steps.textContent) : this.plot.series.map(s => s.values)).map(unpack);
    return this.plot.y.kind === 'nanoseconds' ? lists.map(list => Array.from(list, ns => ns > 0 ? ns : null)) : lists;
  }

  get x() { return this.placed ??= this.places(); }

  places() {
    const x = this.plot.x;
    if (x.at) return unpack(x.at);
    const n = Math.max(0, ...this.values.map(v => v.length));
    return new Float64Array(n).map((_, i) => Math.min(x.from + i * x.step, x.to));
  }

  stacked() { return this.plot.kind === 'stack'; }
  shown(i) { return !off.has(this.plot.series[i].key); }

  // data is what uPlot draws. The layers of a stack come from the top down, each over the one before.
  data() {
    if (!this.stacked()) return [this.x, ...this.values];
    const {coarse} = this.plot, all = this.range.every((end, i) => end === this.full[i]);
    const b = this.bins = coarse && all ? {from: [...unpack(coarse.from)], to: [...unpack(coarse.to)], sums: coarse.sums.map(unpack), length: coarse.length}
      : bins(this.plot, this.values, ...this.range);
    this.sayUnit();
    const n = b.from.length, floor = new Float64Array(n), whole = new Float64Array(n), layers = [];
    for (const sum of b.sums) sum.forEach((value, i) => { whole[i] += value; });
    this.whole = whole;
    b.sums.forEach((sum, k) => {
      if (this.shown(k)) sum.forEach((value, i) => { floor[i] += this.height(value, i); });
      layers.unshift([...floor, n ? floor[n - 1] : 0].map((y, i) => this.plot.y.whole && !whole[Math.min(i, n - 1)] ? null : y));
    });
    return [[...b.from, n ? b.to[n - 1] : 0], ...layers];
  }

  // per is in which unit of time the counts of a stack are shown: where columns are shorter than a day, an hour.
  get per() { return this.bins.length < day ? Math.min(this.plot.y.per, hour) : this.plot.y.per; }

  // sayUnit says what the counts of a stack are, and what of the run is not in it.
  sayUnit() {
    const {title, per} = this.plot.y;
    if (per) this.unit.textContent = (this.per < per ? title.replace(/day$/, 'hour') : title) + leftOut(this.plot, this.bins);
  }

  // height is what a count in a column of a stack amounts to.
  height(value, i) {
    if (this.plot.y.whole) return this.whole[i] ? value / this.whole[i] : 0;
    return value / (this.bins.to[i] - this.bins.from[i]) * this.per;
  }

  // layer is the place among uPlot's series of the given one of ours.
  layer(i) { return this.stacked() ? this.plot.series.length - i : i + 1; }

  draw() {
    const plot = this.plot;
    const series = [{}];
    plot.series.forEach((s, i) => { series[this.layer(i)] = this.seriesOf(s, i); });
    this.u = new uPlot({
      width: this.box.clientWidth, height: this.box.clientHeight,
      padding: [18 + this.ticks, 26, 0, 0],
      legend: {show: false},
      cursor: {y: false, drag: {x: true, y: false, setScale: false}, points: {show: !this.stacked(), size: 7, fill: (u, i) => colors[this.seriesAt(i).paint]},
        bind: {dblclick: () => () => { this.zoom(this.full); return null; }}},
      scales: {x: this.xScale(), y: this.yScale()},
      axes: [this.xAxis(), this.yAxis()],
      series,
      bands: (plot.bands ?? []).map(b => ({series: [b.upper + 1, b.lower + 1], fill: () => faint(colors[b.paint], b.alpha)})),
      hooks: {
        drawClear: [u => this.drawUnder(u)],
        draw: [u => this.drawOver(u)],
        setCursor: [u => this.point(u)],
        setSelect: [u => this.select(u)],
      },
    }, this.data(), this.box);
    this.figure.dataset.drawn = 'true';
  }

  seriesAt(i) { return this.plot.series[this.stacked() ? this.plot.series.length - i : i - 1]; }

  seriesOf(s, i) {
    const common = {show: this.shown(i), label: s.name};
    if (this.stacked()) {
      return {...common, width: 0, fill: u => areaFill(u, s), paths: uPlot.paths.stepped({align: 1}), points: {show: false}};
    }
    return {...common, width: s.width, dash: s.dash, stroke: () => colors[s.paint], points: {show: false},
      paths: s.steps ? uPlot.paths.stepped({align: 1}) : undefined};
  }

  xScale() {
    return {time: false, distr: this.logarithmic ? 3 : 1, range: () => this.range};
  }

  yScale() {
    if (this.plot.y.kind === 'nanoseconds') {
      return {distr: 3, range: (u, min, max) => [10 ** Math.floor(Math.log10(Math.max(min, 1))), 10 ** Math.ceil(Math.log10(Math.max(max, 10)))]};
    }
    return {range: (u, min, max) => {
      if (this.plot.y.whole) return [0, 1];
      let most = max || 1;
      const set = (this.plot.limits ?? []).filter(l => !l.upright).map(l => l.at);
      for (const limit of set) if (limit <= 5 * most) most = Math.max(most, limit * 1.06);
      const high = most * 1.04;
      return [0, this.plot.y.kind === 'share' ? Math.min(1, high) : high];
    }};
  }

  font() { return '13px "Liberation Sans", system-ui, Arial, sans-serif'; }

  xAxis() {
    const plot = this.plot, marks = plot.x.marks;
    const axis = {stroke: () => colors.soft, font: this.font(), grid: {show: false}, ticks: {stroke: () => colors.soft, width: 1, size: 5}, size: 46, gap: 4};
    const {kind} = plot.x;
    if (marks) {
      const within = u => marks.filter(m => m.at >= u.scales.x.min * .999 && m.at <= u.scales.x.max * 1.001);
      return {...axis, size: 34, splits: u => within(u).map(m => m.at), filter: (u, splits) => splits,
        values: u => { let end = -1e9; return within(u).map(m => {
          const at = u.valToPos(m.at, 'x');
          if (at - end < 40) return '';
          end = at;
          return m.label;
        }); }};
    }
    if (kind === 'time' && plot.x.columns) {
      return {...axis, splits: (u, i, min, max) => columnSplits(plot, min, max, Math.max(2, Math.floor(u.width / 78))),
        values: (u, splits) => splits.map((x, i) => dayText(dateOf(plot, x)) + (i ? '' : '\n' + dateOf(plot, x).getUTCFullYear()))};
    }
    if (kind === 'time') {
      return {...axis, splits: (u, i, min, max) => timeSplits(plot, min, max, Math.max(2, Math.floor(u.width / 78))).places,
        values: (u, splits) => timeLabels(plot, splits)};
    }
    return {...axis, size: 34, values: (u, splits) => splits.map(kind === 'clock' ? x => number(x) : number)};
  }

  yAxis() {
    const write = writers[this.plot.y.kind];
    return {stroke: () => colors.soft, font: this.font(), grid: {stroke: () => colors.hair, width: 1}, ticks: {show: false}, gap: 6,
      size: (u, values) => Math.max(34, ...(values ?? []).map(v => 12 + 7.2 * String(v ?? '').length)),
      splits: this.plot.y.kind === 'nanoseconds' ? (u, i, min, max) => decades(min, max) : undefined, filter: (u, splits) => splits,
      values: (u, splits) => splits.map(v => v == null ? '' : this.plot.y.kind === 'share' ? number(Math.round(1e6 * v) / 1e4) : write(v))};
  }

  // ticks is how high the rows of marks above the area are; names stand above them.
  get ticks() { return this.plot.marks ? 16 : 0; }

  // above is so many pixels above the rows of marks.
  above(u, pixels) { return u.bbox.top - (pixels + this.ticks) * devicePixelRatio; }

  // named is the part of the x axis that has a name besides the warm-up.
  get named() { return this.plot.unseen ?? this.plot.recent; }

  // drawUnder marks the warm-up and what else has a name in time.
  drawUnder(u) {
    const {ctx, bbox} = u, ratio = devicePixelRatio;
    ctx.save();
    if (this.plot.warmup) this.stretch(u, 0, this.plot.warmup, colors.warm, 'warm-up');
    const named = this.named;
    this.taken = null; // by its name
    if (named) this.stretch(u, Math.max(named.from, this.plot.warmup ?? 0), named.to, colors.warm, named.label, named.short);
    for (const mark of this.plot.marks ?? []) {
      if (off.has(mark.key)) continue;
      if (mark.fault) this.stretch(u, mark.from, mark.to, faint(colors[mark.paint], .25), '');
      else this.tick(u, mark);
    }
    ctx.restore();
  }

  stretch(u, from, to, color, label, short = label) {
    const {ctx, bbox} = u, ratio = devicePixelRatio;
    const left = Math.max(u.valToPos(from, 'x', true), bbox.left), right = Math.min(u.valToPos(to, 'x', true), bbox.left + bbox.width);
    if (right <= left && from < to) return;
    ctx.fillStyle = color;
    ctx.fillRect(left, this.above(u, 17), Math.max(right - left, ratio), bbox.top + bbox.height - this.above(u, 17));
    ctx.fillStyle = colors.soft;
    ctx.font = this.scaled(11.5);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    const name = left + ctx.measureText(label).width + 8 * ratio <= right && !(this.plot.changes?.length && short !== label) ? label : short, width = ctx.measureText(name).width;
    const at = short === label ? left + 4 * ratio : Math.max(bbox.left, bbox.left + bbox.width - width - 4 * ratio);
    if (short !== label) this.taken = [at, at + width];
    ctx.fillText(name, at, this.above(u, 2));
  }

  // tick marks something short above the area, each kind in a row of its own.
  tick(u, mark) {
    const {ctx, bbox} = u, ratio = devicePixelRatio, left = u.valToPos(mark.from, 'x', true);
    if (left < bbox.left || left > bbox.left + bbox.width) return;
    ctx.fillStyle = colors[mark.paint];
    ctx.fillRect(left, bbox.top - (6 + 7 * (mark.lane % 2)) * ratio, Math.max(u.valToPos(mark.to, 'x', true) - left, 1.5 * ratio), 5 * ratio);
  }

  scaled(size) { return (size * devicePixelRatio) + 'px "Liberation Sans", system-ui, Arial, sans-serif'; }

  // drawOver draws limits with their names, and parts the columns of weeks.
  drawOver(u) {
    const {ctx, bbox} = u, ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, this.above(u, 18), bbox.width, bbox.top + bbox.height - this.above(u, 18));
    ctx.clip();
    if (this.stacked() && this.plot.y.whole) {
      ctx.fillStyle = colors.panel;
      for (const x of this.bins.from) ctx.fillRect(u.valToPos(x, 'x', true) - ratio, bbox.top, 2 * ratio, bbox.height);
    }
    if (this.named) {
      const left = Math.max(u.valToPos(this.named.from, 'x', true), bbox.left);
      ctx.fillStyle = this.plot.unseen ? colors.warm : colors.panel;
      ctx.globalAlpha = this.plot.unseen ? 1 : .55;
      const top = bbox.top - (this.plot.unseen ? 3 * ratio : 0); // a line at the top is as thick as that
      ctx.fillRect(left, top, Math.max(bbox.left + bbox.width - left, 0), bbox.top + bbox.height - top);
      ctx.globalAlpha = 1;
    }
    this.names = bbox.left; // up to where names stand above the area
    for (const limit of this.plot.limits ?? []) this.drawLimit(u, limit);
    this.drawChanges(u);
    ctx.strokeStyle = colors.ink;
    ctx.setLineDash([]);
    ctx.lineWidth = 1.25 * ratio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, bbox.top + bbox.height);
    ctx.lineTo(bbox.left + bbox.width, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  drawLimit(u, limit) {
    const {ctx, bbox} = u, ratio = devicePixelRatio;
    const axis = limit.upright ? 'x' : 'y', scale = u.scales[axis];
    ctx.font = 'bold ' + this.scaled(12.5);
    ctx.fillStyle = ctx.strokeStyle = colors.ink;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    const right = bbox.left + bbox.width - 4 * ratio;
    if (limit.at > scale.max || limit.at < scale.min) {
      const label = limit.label + (limit.at > scale.max ? ', beyond this axis' : '');
      if (!limit.to) this.nameUpright(u, label, right, ctx.measureText(label).width);
      return;
    }
    const at = u.valToPos(limit.at, axis, true);
    const from = limit.to ? u.valToPos(limit.from ?? 0, 'x', true) : bbox.left;
    const to = limit.to ? Math.min(u.valToPos(limit.to, 'x', true), bbox.left + bbox.width) : bbox.left + bbox.width;
    ctx.setLineDash([8 * ratio, 5 * ratio]);
    ctx.lineWidth = 1.75 * ratio;
    ctx.beginPath();
    if (limit.upright) {
      ctx.moveTo(at, bbox.top); ctx.lineTo(at, bbox.top + bbox.height);
    } else {
      ctx.moveTo(from, at); ctx.lineTo(to, at);
    }
    ctx.stroke();
    const width = ctx.measureText(limit.label).width;
    if (limit.upright) this.nameUpright(u, limit.label, at + width / 2, width);
    else if (to - Math.max(from, bbox.left) > width + 8 * ratio) ctx.fillText(limit.label, to - 4 * ratio, at - 3 * ratio);
  }

  // nameUpright writes the name of a limit above the area, to end at x, or so far to the right of that as it takes to stand beside the one before; not
  // where there is no room left.
  nameUpright(u, label, x, width) {
    const {ctx, bbox} = u, ratio = devicePixelRatio;
    const end = Math.max(Math.min(x, bbox.left + bbox.width - 4 * ratio), this.names + width);
    if (end > bbox.left + bbox.width) return;
    ctx.fillText(label, end, this.above(u, 2));
    this.names = end + 10 * ratio;
  }

  // drawChanges marks where the policy changes, each in as many words as there is room for beside the next one.
  drawChanges(u) {
    const {ctx, bbox} = u, ratio = devicePixelRatio, changes = this.plot.changes ?? [], end = bbox.left + bbox.width;
    ctx.font = this.scaled(11.5);
    const place = at => u.valToPos(at, 'x', true);
    let taken = bbox.left;
    if (this.plot.warmup && place(this.plot.warmup) > bbox.left) taken += ctx.measureText('warm-up').width + 12 * ratio;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    ctx.fillStyle = ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 1.25 * ratio;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    const [from, to] = this.taken ?? [Infinity, Infinity], free = (left, right) => right <= from - 6 * ratio || left >= to + 6 * ratio;
    changes.forEach((change, i) => {
      const x = place(change.at), next = i + 1 < changes.length ? Math.min(place(changes[i + 1].at), end) : end;
      if (x < bbox.left || x > end) return;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top - 17 * ratio); ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const text = x < taken ? '' : change.texts.find(text => {
        const left = x + 4 * ratio, right = left + ctx.measureText(text).width;
        return right <= next - 4 * ratio && free(left, right);
      });
      if (text) ctx.fillText(text, x + 4 * ratio, bbox.top - 2 * ratio);
    });
  }

  // point shows the values under the cursor.
  point(u) {
    const i = u.cursor.idx, outside = u.cursor.left < 0 || i == null;
    this.tip.hidden = outside || !this.fill(i);
    if (this.tip.hidden) return;
    const place = u.over.offsetLeft + u.cursor.left, wide = this.tip.offsetWidth, room = this.box.clientWidth;
    const left = place + wide + 16 < room ? place + 14 : place - wide - 14;
    const top = u.over.offsetTop + Math.min(Math.max(u.cursor.top - 20, 0), Math.max(u.over.clientHeight - this.tip.offsetHeight, 0));
    this.tip.style.transform = `translate(${Math.round(Math.max(0, Math.min(left, room - wide)))}px,${Math.round(top)}px)`;
  }

  // column is the place of a stack's column, whose last edge is no column of its own.
  column(i) { return this.stacked() ? Math.min(i, this.bins.from.length - 1) : i; }

  heading(i) {
    const {recent} = this.plot;
    return this.place(i) + (recent && this.bins.from[i] >= recent.from ? `, ${recent.label}` : '');
  }

  // place names what the values are of.
  place(i) {
    const x = this.plot.x;
    if (x.columns) return dayText(dateOf(this.plot, this.bins.from[i])) + ` and ${duration(this.bins.to[i] - this.bins.from[i])} on`;
    if (this.stacked()) return instant(this.plot, this.bins.from[i], this.bins.length < day) + (this.bins.length > day ? ` and ${duration(this.bins.to[i] - this.bins.from[i])} on` : '');
    if (x.kind === 'time') return instant(this.plot, this.x[i], x.step < day);
    if (x.kind === 'duration') return 'within ' + duration(this.x[i]);
    if (x.kind === 'beyond') return 'percentile ' + percentile(100 - 100 / this.x[i]);
    if (x.kind === 'clock') return number(this.x[i]) + ' s';
    return 'at most ' + number(this.x[i]);
  }

  rows(i) {
    const write = writers[this.plot.y.kind], rows = [];
    if (this.plot.unseen && this.x[i] > this.plot.unseen.from) return rows;
    this.plot.series.forEach((s, k) => {
      if (!this.shown(k)) return;
      const value = this.stacked() ? this.height(this.bins.sums[k][i], i) : this.values[k][i];
      if (value != null) rows.push([s, write(value)]);
    });
    return this.stacked() ? rows.reverse() : rows;
  }

  fill(index) {
    const i = this.column(index), rows = i >= 0 ? this.rows(i) : [];
    if (!rows.length) return false;
    const title = document.createElement('b');
    title.textContent = this.heading(i);
    this.tip.replaceChildren(title, ...rows.map(([s, text]) => {
      const row = document.createElement('div'), sign = document.createElement('i'), name = document.createElement('span'), value = document.createElement('b');
      sign.className = s.paint;
      name.textContent = s.name;
      value.textContent = text;
      row.append(sign, name, value);
      return row;
    }));
    return true;
  }

  select(u) {
    const {left, width} = u.select;
    if (width < 6) return;
    this.zoom([u.posToVal(left, 'x'), u.posToVal(left + width, 'x')]);
    u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
  }

  // zoom shows a range of x, kept within all there is.
  zoom([min, max]) {
    const [low, high] = this.full;
    const least = this.logarithmic ? 0 : (high - low) / Math.max(this.x.length, 50) * 3;
    if (max - min < least) [min, max] = [(min + max - least) / 2, (min + max + least) / 2];
    if (min < low) [min, max] = [low, Math.min(high, this.logarithmic ? max : max + low - min)];
    if (max > high) [min, max] = [Math.max(low, this.logarithmic ? min : min - (max - high)), high];
    this.range = [min, max];
    this.refresh();
  }

  zoomBy(factor) {
    const to = x => this.logarithmic ? Math.log(x) : x, back = x => this.logarithmic ? Math.exp(x) : x;
    const [min, max] = this.range.map(to), u = this.u;
    const middle = u.cursor.left >= 0 ? to(u.posToVal(u.cursor.left, 'x')) : (min + max) / 2;
    this.zoom([back(middle - (middle - min) * factor), back(middle + (max - middle) * factor)]);
  }

  pan(part) {
    if (this.logarithmic) return;
    const [min, max] = this.range, by = (max - min) * part;
    this.zoom([min + by, max + by]);
  }

  refresh() {
    const u = this.u;
    u.batch(() => {
      this.plot.series.forEach((s, i) => {
        const place = this.layer(i);
        if (u.series[place].show !== this.shown(i)) u.setSeries(place, {show: this.shown(i)});
      });
      if (this.stacked()) u.setData(this.data(), false);
      u.setScale('x', {min: this.range[0], max: this.range[1]});
    });
  }

  fit() {
    const {clientWidth: width, clientHeight: height} = this.box;
    if (width && (width !== this.u.width || height !== this.u.height)) this.u.setSize({width, height});
  }

  // step moves the cursor by whole columns or points, and says what is there.
  step(by) {
    const u = this.u, x = u.data[0], [min, max] = this.range;
    const first = Math.max(0, x.findIndex(v => v >= min)), last = this.column(x.findLastIndex(v => v <= Math.min(max, this.plot.unseen?.from ?? max)));
    const at = u.cursor.left >= 0 && u.cursor.idx != null ? u.cursor.idx + by : by > 0 ? first : last;
    const i = Math.max(first, Math.min(last, at));
    u.setCursor({left: u.valToPos(x[i], 'x') + (this.stacked() ? .5 : 0), top: u.over.clientHeight / 3});
    const place = this.column(i);
    this.live.textContent = this.heading(place) + ': ' + this.rows(place).map(([s, text]) => s.name + ' ' + text).join(', ');
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowLeft: () => event.shiftKey ? this.pan(-.25) : this.step(-1),
      ArrowRight: () => event.shiftKey ? this.pan(.25) : this.step(1),
      PageUp: () => this.step(-10), PageDown: () => this.step(10),
      '+': () => this.zoomBy(.5), '=': () => this.zoomBy(.5), '-': () => this.zoomBy(2), '−': () => this.zoomBy(2),
      0: () => this.zoom(this.full), Home: () => this.zoom(this.full),
      Escape: () => this.u.setCursor({left: -10, top: -10}),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  listen() {
    this.box.addEventListener('keydown', event => this.key(event));
    this.box.addEventListener('blur', () => this.u.setCursor({left: -10, top: -10}));
    const acts = {in: () => this.zoomBy(.5), out: () => this.zoomBy(2), all: () => this.zoom(this.full)};
    for (const button of this.figure.querySelectorAll('[data-zoom]')) button.addEventListener('click', acts[button.dataset.zoom]);
    new ResizeObserver(() => this.fit()).observe(this.box);
  }
}
