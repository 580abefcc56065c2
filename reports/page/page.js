// What is switched off in one place is so everywhere.
function toggle(key) {
  if (!off.delete(key)) off.add(key);
  for (const button of document.querySelectorAll('.legend button')) {
    if (button.dataset.key === key) button.setAttribute('aria-pressed', String(!off.has(key)));
  }
  for (const part of document.querySelectorAll('.part, .population')) {
    if (part.dataset.key === key) part.classList.toggle('off', off.has(key));
  }
  for (const chart of charts) {
    if (chart.plot.series.some(s => s.key === key)) chart.refresh();
    if (chart.plot.marks?.some(m => m.key === key)) chart.u.redraw(false);
  }
}

function repaint() {
  readColors();
  for (const chart of charts) chart.u.redraw(false);
}

function switches() {
  for (const plot of plots) for (const s of plot.series) if (s.off) off.add(s.key);
  for (const button of document.querySelectorAll('.legend button')) {
    button.setAttribute('aria-pressed', String(!off.has(button.dataset.key)));
    button.addEventListener('click', () => toggle(button.dataset.key));
  }
  for (const part of document.querySelectorAll('.population')) part.classList.toggle('off', off.has(part.dataset.key));
}

function theme() {
  const button = document.getElementById('theme'), system = matchMedia('(prefers-color-scheme: dark)');
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  const show = () => { button.setAttribute('aria-pressed', String(dark())); repaint(); };
  button.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; show(); });
  system.addEventListener('change', show);
  button.setAttribute('aria-pressed', String(dark()));
  matchMedia('print').addEventListener('change', () => { drawAll(); for (const chart of charts) chart.fit(); repaint(); });
}

// Cells and parts of bars say what they are where the pointer is.
function tips() {
  const tip = document.body.appendChild(document.createElement('div'));
  tip.className = 'tip';
  tip.hidden = true;
  document.addEventListener('pointermove', event => {
    const told = event.target.closest?.('[data-tip]');
    tip.hidden = !told;
    if (!told) return;
    tip.textContent = told.dataset.tip;
    const left = Math.max(4, Math.min(event.pageX + 14, scrollX + root.clientWidth - tip.offsetWidth - 8));
    tip.style.transform = `translate(${left}px,${event.pageY + 16}px)`;
  });
}

function copying() {
  const button = document.getElementById('copy'), command = document.getElementById('command');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(command.textContent);
    } catch {
      getSelection().selectAllChildren(command);
      document.execCommand('copy');
    }
    button.textContent = 'Copied';
    document.getElementById('copied').textContent = 'The command line has been copied.';
  });
}

// The first chart is drawn at once, the others when the browser has shown it.
const boxes = [...document.querySelectorAll('.plot')];
function drawNext() {
  const box = boxes.shift();
  if (box) charts.push(new Chart(box));
}
function drawAll() { while (boxes.length) drawNext(); }
function drawRest() {
  if (!boxes.length) return;
  drawNext();
  setTimeout(drawRest);
}

readColors();
switches();
drawNext();
performance.mark('first chart');
requestAnimationFrame(() => setTimeout(drawRest));
theme();
tips();
copying();
window.invitesim = {charts, plots};
