// Charts that answer: whoever points at a chart, touches it or comes to it by keyboard reads its values, and
// switches lines off and on. Until then it is the picture the server drew, and nothing more is loaded.

const scripts = new Map();

function script(address) {
  if (!scripts.has(address)) {
    scripts.set(address, new Promise((loaded, failed) => {
      const element = document.createElement("script");
      element.src = address;
      element.onload = loaded;
      element.onerror = () => failed(new Error(`${address} did not load`));
      document.head.append(element);
    }));
  }
  return scripts.get(address);
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

// The chart drawn by Vega in the picture's place. The policy of the site forbids to make code of text: the
// interpreter reads the expressions instead.
async function drawn(figure, chart) {
  const { vega: engine, interpreter } = figure.dataset;
  await script(engine);
  const { expressionInterpreter } = await import(interpreter);
  const view = new vega.View(vega.parse(chart.spec, null, { ast: true }), {
    expr: expressionInterpreter,
    locale: vega.locale(chart.locale),
    renderer: "svg",
    hover: false,
  });
  const place = document.createElement("div");
  place.className = "alive";
  place.ariaHidden = "true";
  await view.initialize(place).runAsync();
  const picture = figure.querySelector("picture");
  picture.after(place);
  picture.classList.add("unseen");
  return view;
}

class Reading {
  constructor(figure, reader) {
    this.figure = figure;
    this.reader = reader;
    this.output = figure.querySelector(".readout");
    this.at = null;
  }

  // Once, whatever asks first.
  awake() {
    this.waking ??= this.wake().catch((error) => {
      console.error(error);
      this.reader.remove();
      return false;
    });
    return this.waking;
  }

  async wake() {
    const source = this.figure.querySelector("source");
    const image = this.figure.querySelector("img");
    const address = matchMedia(source.media).matches ? source.srcset : image.src;
    this.chart = await fetched(address.replace(".svg?", ".json?"));
    [this.heads, ...this.rows] = this.chart.table;
    this.view = await drawn(this.figure, this.chart);
    this.reader.ariaValueMax = this.rows.length - 1;
    this.values = this.laidOut();
    return true;
  }

  // Under the chart: the month, and each column's value; of several lines each can be switched off.
  laidOut() {
    this.when = document.createElement("strong");
    this.output.append(this.when);
    return this.heads.slice(1).map((name) => {
      const label = document.createElement("label");
      if (this.chart.names.length > 1 && this.chart.names.includes(name)) {
        const box = document.createElement("input");
        box.type = "checkbox";
        box.checked = true;
        box.name = name;
        box.onchange = () => this.switched();
        label.append(box);
      }
      const value = document.createElement("b");
      label.append(`${name} `, value);
      this.output.append(label);
      return value;
    });
  }

  switched() {
    const boxes = [...this.output.querySelectorAll("input")];
    const off = boxes.filter((box) => !box.checked).map((box) => box.name);
    this.view.signal("off", off).runAsync();
  }

  read(place) {
    const at = Math.max(0, Math.min(this.rows.length - 1, place));
    if (at === this.at) return;
    this.at = at;
    const [first, ...values] = this.rows[at];
    // A month says itself what it is; a week is a number.
    const when = /^\d+$/.test(first) ? `${this.heads[0]} ${first}` : first;
    this.when.textContent = when;
    this.values.forEach((value, k) => { value.textContent = values[k]; });
    const told = values.map((value, k) => `${this.heads[k + 1]}: ${value}`).join(", ");
    this.reader.ariaValueNow = at;
    this.reader.ariaValueText = `${when}. ${told}`;
    this.view.signal("at", this.chart.at[at]).runAsync();
  }

  pointed(event) {
    const box = this.reader.getBoundingClientRect();
    const { left, right } = this.view.padding();
    const across = ((event.clientX - box.left) / box.width) * (left + this.view.width() + right) - left;
    const scale = this.view.scale("x");
    const half = scale.bandwidth ? scale.bandwidth() / 2 : 0;
    const far = this.chart.at.map((one) => Math.abs(scale(one) + half - across));
    this.read(far.indexOf(Math.min(...far)));
  }

  pressed(event) {
    const last = this.rows.length - 1;
    const now = this.at ?? last;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.read(to);
  }
}

for (const figure of document.querySelectorAll("figure.chart")) {
  const reader = document.createElement("div");
  reader.className = "reader";
  reader.role = "slider";
  reader.tabIndex = 0;
  reader.ariaLabel = figure.dataset.label;
  reader.ariaValueMin = 0;
  reader.ariaValueMax = 0;
  reader.ariaValueNow = 0;
  figure.querySelector(".drawn").append(reader);
  const reading = new Reading(figure, reader);
  const answers = (act) => async (event) => {
    if (await reading.awake()) act(event);
  };
  reader.addEventListener("pointermove", answers((event) => reading.pointed(event)));
  reader.addEventListener("pointerdown", answers((event) => reading.pointed(event)));
  reader.addEventListener("focus", answers(() => reading.at ?? reading.read(reading.rows.length - 1)));
  reader.addEventListener("keydown", (event) => {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) event.preventDefault();
    answers(() => reading.pressed(event))();
  });
}
