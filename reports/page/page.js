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

// adopt takes over what the page shows as switched off: off in one chart is off in all.
function adopt() {
  const buttons = [...document.querySelectorAll('.legend button')];
  for (const button of buttons) if (button.getAttribute('aria-pressed') === 'false') off.add(button.dataset.key);
  for (const button of buttons) button.setAttribute('aria-pressed', String(!off.has(button.dataset.key)));
}

function switches() {
  const known = off.size;
  adopt();
  if (off.size > known) for (const chart of charts) chart.refresh();
  for (const button of document.querySelectorAll('.legend button')) button.addEventListener('click', () => toggle(button.dataset.key));
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
  if (!button) return; // the result does not know its command
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

// The first chart is drawn as soon as the browser has read it, the others when they come near to what is seen.
const near = new IntersectionObserver(entries => {
  for (const {isIntersecting, target} of entries) if (isIntersecting) setTimeout(() => draw(target));
}, {rootMargin: '300px 0px'});
function draw(box) {
  near.unobserve(box);
  if (!charts.some(chart => chart.box === box)) charts.push(new Chart(box));
}
// layOut lets go of what the style sheet leaves out until the first chart can be seen.
function layOut() { root.dataset.laid = 'out'; }
function drawAll() {
  layOut();
  document.querySelectorAll('.plot').forEach(draw);
}

function ready() {
  switches();
  theme();
  tips();
  copying();
  for (const box of document.querySelectorAll('.plot')) {
    near.observe(box);
    box.addEventListener('focus', () => draw(box), {once: true});
  }
  addEventListener('beforeprint', drawAll);
  requestIdleCallback(layOut);
  window.invitesim = {charts, drawAll, bins};
}

readColors();
adopt();
const first = document.querySelector('.plot');
if (first) draw(first);
performance.mark('first chart');
document.addEventListener('DOMContentLoaded', ready);
