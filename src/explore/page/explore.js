// The page of `pairbond explore`. Its state is in the address after `#`: `s` are changes as `--set` takes
// them, `k` those of the setting that was kept for comparison. All text of a scenario goes through
// textContent, so that none of it is markup.
"use strict";

const $ = (id) => document.getElementById(id);
const SIDES = ["a", "b"];
const DASH = [7, 5];
/// After so many milliseconds a request is given up for a newer one.
const PATIENCE = 300;
const MEASURES = ["trust", "intimacy", "satisfaction"];

let page; // What the server says of the scenario.
let answer = null; // The latest answer.
let drawn = "trust"; // The observable asked for with it, which the views draw.
const controls = new Map(); // By key: description and elements.
const state = { now: new Map(), kept: null, observable: "trust", couple: 1, zoom: false, larger: false,
	theme: "system", together: false, more: false };

// ---- Elements, numbers, text

function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (name === "text") element.textContent = value;
		else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else if (value === true) element.setAttribute(name, "");
		else if (value !== false && value != null) element.setAttribute(name, value);
	}
	element.append(...children);
	return element;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const grouped = (value) => Number(value).toLocaleString("en");
const words = (key) => key.replaceAll("_", " ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/// A number with as many digits as a reader needs.
function short(value, digits = 3) {
	if (value == null || Number.isNaN(value)) return "–";
	if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
	return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : digits);
}
const percent = (value) => (value == null ? "–" : (100 * value).toFixed(1) + " %");
const interval = (low, high, form = short) => (low == null ? "" : ` [${form(low)}, ${form(high)}]`);
const signed = (value, digits = 3) => (value == null ? "–" : (value > 0 ? "+" : "") + value.toFixed(digits));

/// Calls a function when it was not called for a while.
function later(wait, work) {
	let timer;
	return (...given) => {
		clearTimeout(timer);
		timer = setTimeout(() => work(...given), wait);
	};
}

function toToml(value) {
	if (Array.isArray(value)) return "[" + value.map(toToml).join(", ") + "]";
	if (value && typeof value === "object") {
		return "{ " + Object.entries(value).map(([key, own]) => `${key} = ${toToml(own)}`).join(", ") + " }";
	}
	return typeof value === "string" ? JSON.stringify(value).replaceAll("\u007f", "\\u007f") : String(value);
}

// ---- State and address

const changesOf = (changes) => [...changes].map(([key, text]) => `${key}=${text}`);
const changesFrom = (list) => new Map(list.map((text) => {
	const at = text.indexOf("=");
	return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}));

function address() {
	const query = new URLSearchParams();
	for (const change of changesOf(state.now)) query.append("s", change);
	if (state.kept) {
		query.append("compare", "1");
		for (const change of changesOf(state.kept)) query.append("k", change);
	}
	if (state.observable !== "trust") query.append("over_time", state.observable);
	if (state.couple !== 1) query.append("couple", state.couple);
	for (const flag of ["zoom", "larger", "together", "more"]) if (state[flag]) query.append(flag, "1");
	if (state.theme !== "system") query.append("theme", state.theme);
	// An empty state is not the initial one, which may have fewer couples than the file.
	return "#" + (query.toString() || "s");
}

function readAddress() {
	const text = location.hash.slice(1);
	const query = new URLSearchParams(text);
	state.now = changesFrom(text ? query.getAll("s").filter(Boolean) : page.initial);
	state.kept = query.has("compare") ? changesFrom(query.getAll("k")) : null;
	const wanted = query.get("over_time");
	state.observable = page.observables.some((own) => own.key === wanted) ? wanted : "trust";
	state.couple = Math.max(1, parseInt(query.get("couple"), 10) || 1);
	for (const flag of ["zoom", "larger", "together", "more"]) state[flag] = query.has(flag);
	state.theme = ["light", "dark"].includes(query.get("theme")) ? query.get("theme") : "system";
}

// Browsers slow down pages that change their address too often.
const writeAddress = later(200, () => history.replaceState(null, "", address()));

/// Makes a step of the history, so that "Back" takes a change back.
function commit() {
	if (address() !== location.hash) history.pushState(null, "", address());
}

function change(key, text) {
	const base = controls.get(key);
	if (text == null || (base && text === String(base.spec.value))) state.now.delete(key);
	else state.now.set(key, text);
	writeAddress();
	refresh();
}

// ---- Requests: one at a time

const session = crypto.getRandomValues(new Uint32Array(2)).join("-");
let number = 0;
let running = null; // { controller, since }
let waiting = false;
let complete = false; // all controls are built
let timer;

function post(path, body, signal) {
	return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" },
		body: JSON.stringify(body), signal });
}

function refresh() {
	if (!running) return void run();
	waiting = true;
	clearTimeout(timer);
	timer = setTimeout(() => running && waiting && run(), Math.max(0, running.since + PATIENCE - performance.now()));
}

async function run() {
	running?.controller.abort();
	const own = { controller: new AbortController(), since: performance.now(), observable: state.observable };
	running = own;
	waiting = false;
	number += 1;
	let result, failure;
	try {
		const response = await post("run", {
			session, number, now: changesOf(state.now), kept: state.kept && changesOf(state.kept),
			observables: [...new Set([...MEASURES, state.observable])], couple: state.couple,
		}, own.controller.signal);
		if (response.status === 200) result = await response.json();
		else if (response.status === 422) failure = await response.json();
		else if (response.status !== 409) failure = { errors: [{ message: await response.text() }] };
	} catch (error) {
		if (error.name !== "AbortError") {
			failure = { errors: [{ message: "The program does not answer: it has ended, or was started again at another address." }] };
		}
	}
	if (running !== own) return;
	running = null;
	if (result) {
		answer = result;
		drawn = own.observable;
		document.body.dataset.number = number;
	}
	if (result || failure) {
		if (failure) buildOthers();
		showErrors(failure);
		if (result) show();
		requestAnimationFrame(() => setTimeout(buildOthers));
	}
	if (waiting) run();
}

function showErrors(failure) {
	const errors = failure?.errors ?? [];
	const text = (error) => error.message + (error.help ? `\n${error.help}` : "");
	$("views").classList.toggle("stale", errors.length > 0);
	for (const control of controls.values()) control.fault.hidden = true;
	const other = [];
	const kept = failure?.setting === "kept";
	for (const error of errors) {
		const control = !kept && controls.get(error.key);
		if (!control) {
			other.push((kept ? "The kept setting: " : "") + (error.key ? `${error.key}: ` : "") + text(error));
			continue;
		}
		control.fault.textContent = text(error);
		control.fault.hidden = false;
		openAround(control.element);
	}
	$("fault").hidden = other.length === 0;
	$("fault").textContent = other.join("\n");
}

function openAround(element) {
	for (let at = element.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
}

// ---- Controls

/// Steps of a slider; whole numbers have their own.
const steps = (spec) => (spec.kind === "integer" ? spec.slider.high - spec.slider.low : 1000);

function toSlider(spec, value) {
	const { low, high, logarithmic } = spec.slider;
	const share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
	return clamp(Math.round(steps(spec) * share), 0, steps(spec));
}

function fromSlider(spec, place) {
	const { low, high, logarithmic } = spec.slider;
	const share = place / steps(spec);
	if (logarithmic) return Number((low * (high / low) ** share).toPrecision(3));
	const value = low + (high - low) * share;
	if (spec.kind === "integer") return Math.round(value);
	const digits = Math.max(0, 2 - Math.floor(Math.log10(high - low)));
	return Number(value.toFixed(digits));
}

function about(spec) {
	const unit = spec.unit && spec.unit !== "1" ? ` ${spec.unit}` : "";
	const parts = [capital(spec.meaning) + "."];
	if (spec.kind === "switch") parts.push(`Without it: ${spec.absence}.`);
	else parts.push(`From ${spec.low} to ${spec.high}${unit}; here ${short(spec.value)}.`);
	if (spec.default != null && spec.kind === "number") parts.push(`Default ${short(spec.default)}.`);
	if (spec.source) parts.push(`${capital(spec.provenance)}: ${spec.source}.`);
	if (spec.symbol) parts.push(`In the equations ${spec.symbol}.`);
	if (spec.mechanisms.length) parts.push(`Needs the mechanism ${spec.mechanisms.map(words).join(", ")}.`);
	return parts.join(" ") + `  --set ${spec.key}`;
}

/// The control of a number or switch, as a row of a block that partners share.
function buildControl(spec, block) {
	const id = `c-${spec.key}`;
	const name = spec.label + (spec.partner ? ` of ${spec.partner.toUpperCase()}` : "");
	const unit = spec.unit && spec.unit !== "1" ? spec.unit : "";
	const reset = make("button", { type: "button", class: "reset", text: "↺", hidden: true,
		"aria-label": `Reset ${name}`,
		onclick: () => { setAll(spec, null); commit(); } });
	const fault = make("p", { class: "fault", id: `${id}-fault`, role: "alert", hidden: true });
	const control = { spec, reset, fault, element: block.element };
	if (spec.kind === "switch") {
		const box = make("input", { type: "checkbox", id, "aria-describedby": `${id}-fault` });
		box.addEventListener("change", () => { change(spec.key, String(box.checked)); show(); commit(); });
		control.update = (value) => { box.checked = value === "true"; };
		block.element.classList.add("switch");
		block.name.prepend(box);
	} else {
		const slider = make("input", { type: "range", id, min: 0, max: steps(spec), step: 1, "aria-label": name,
			"aria-describedby": `${id}-fault` });
		const exact = make("input", { type: "number", min: spec.low, max: spec.high, step: "any",
			"aria-label": `${name}, exact value${unit && ", " + unit}` });
		slider.addEventListener("input", () => setAll(spec, fromSlider(spec, Number(slider.value))));
		slider.addEventListener("change", commit);
		exact.addEventListener("change", () => { setAll(spec, exact.value === "" ? null : Number(exact.value)); commit(); });
		control.update = (value) => {
			slider.value = toSlider(spec, Number(value));
			slider.setAttribute("aria-valuetext", `${short(Number(value))} ${unit}`);
			if (document.activeElement !== exact || !exact.value || Number(exact.value) !== Number(value)) {
				exact.value = spec.kind === "integer" ? value : Number(Number(value).toPrecision(4));
			}
		};
		const side = spec.partner ? ` of-${spec.partner}` : "";
		block.element.append(make("div", { class: `row${side}` },
			make("b", { text: spec.partner ? spec.partner.toUpperCase() : "", "aria-hidden": "true" }), slider, exact, reset));
	}
	block.element.append(fault);
	controls.set(spec.key, control);
}

/// Sets a number; with "A and B together", that of both partners.
function setAll(spec, value) {
	const keys = [spec.key];
	if (state.together && spec.partner) {
		keys.push(spec.key.replace(`.${spec.partner}.`, spec.partner === "a" ? ".b." : ".a."));
	}
	for (const key of keys) {
		const own = controls.get(key);
		if (own) change(key, value == null || Number.isNaN(value) ? null : String(value));
	}
	showControls();
}

/// Builds the controls that are seen at first, or all others.
function buildControls(first) {
	const blocks = new Map();
	for (const spec of page.controls.filter((own) => own.first === first)) {
		const parent = spec.first ? $("first") : $(`group-${spec.group}`);
		parent.parentElement.hidden = false;
		const key = `${spec.group} ${spec.label}`;
		if (!blocks.has(key)) {
			const text = make("p", { class: "about", hidden: true });
			const info = make("button", { type: "button", class: "info", text: "?", "aria-expanded": "false",
				"aria-label": `What is ${spec.label}?` });
			info.addEventListener("click", () => {
				text.hidden = !text.hidden;
				info.setAttribute("aria-expanded", String(!text.hidden));
			});
			const unit = spec.unit && spec.unit !== "1" && spec.kind === "number" ? ` (${spec.unit})` : "";
			const label = make("label", { for: `c-${spec.key}`, text: spec.label + unit });
			const name = make("div", { class: "name" }, label, info);
			const element = make("div", { class: "control", "data-find": `${spec.label} ${spec.key} ${spec.meaning}`.toLowerCase() }, name);
			text.textContent = about(spec);
			parent.append(element);
			blocks.set(key, { element, name, text });
		}
		buildControl(spec, blocks.get(key));
	}
	for (const block of blocks.values()) block.element.append(block.text);
}

/// Builds the others after the first drawing: the page is seen sooner.
function buildOthers() {
	if (complete) return;
	complete = true;
	buildControls(false);
	showControls();
}

function showControls() {
	for (const control of controls.values()) control.element.classList.remove("changed");
	for (const [key, control] of controls) {
		const value = state.now.get(key);
		control.update(value ?? String(control.spec.value));
		control.reset.hidden = value == null;
		if (value != null) control.element.classList.add("changed");
	}
	$("together").checked = state.together;
	$("zoom").checked = state.zoom;
	$("more").open = state.more;
	$("observable").value = state.observable;
	for (const id of ["swap", "forget"]) $(id).hidden = !state.kept;
	$("keep").textContent = state.kept ? "Keep this instead" : "Compare with this";
	$("larger").setAttribute("aria-pressed", String(state.larger));
	$("theme").textContent = `Theme: ${state.theme}`;
	document.documentElement.className = `${state.larger ? "larger" : ""} ${state.theme === "system" ? "" : state.theme}`.trim();
	showEvents();
}

function find() {
	const text = $("find").value.trim().toLowerCase();
	for (const control of controls.values()) {
		if (control.spec.first) continue;
		const found = control.element.dataset.find.includes(text);
		control.element.hidden = !found;
		if (text && found) openAround(control.element);
	}
}

// ---- Events

/// The events of the setting: those of the scenario, or the page's own list.
function events() {
	const text = state.now.get("event");
	if (text == null) return page.events;
	return state.events && state.events.text === text ? state.events.list : parseEvents(text);
}

function parseEvents(text) {
	const json = text.replace(/"(?:[^"\\]|\\.)*"|(\w+) = /g, (all, key) => (key ? `${JSON.stringify(key)}: ` : all));
	try {
		return JSON.parse(json);
	} catch {
		return [];
	}
}

function setEvents(list) {
	if (JSON.stringify(list) === JSON.stringify(page.events)) return change("event", null);
	const text = toToml(list);
	state.events = { text, list };
	change("event", text);
}

function eventText(event) {
	const days = event.day ? `Day ${event.day}` : `Day ${event.from}`
		+ (event.until ? ` to ${event.until - 1}` : event.for ? ` to ${event.from + event.for - 1}` : " on");
	const of = event.of ?? event.partner;
	const what = words(event.state ?? event.trait ?? event.parameter ?? event.mechanism ?? "");
	const how = event.set != null ? `= ${event.set}` : [event.factor != null && `× ${event.factor}`,
		event.add != null && signed(event.add, 2), event.on != null && (event.on ? "on" : "off")].filter(Boolean).join(" ");
	const whom = of ? ` of ${of === "both" ? of : of.toUpperCase()}` : "";
	return `${days}: ${event.label ?? `${event.kind} ${what}${whom} ${how}`.replace(/\s+/g, " ").trim()}`;
}

function showEvents() {
	$("events").replaceChildren(...events().map((event, index) => {
		const text = eventText(event);
		return make("li", {}, make("span", { text }),
			make("button", { type: "button", text: "Edit", "aria-label": `Edit ${text}`, onclick: () => openEvent(event, index) }),
			make("button", { type: "button", text: "Remove", "aria-label": `Remove ${text}`, onclick: () => {
				setEvents(events().filter((_, other) => other !== index));
				showEvents();
				commit();
			} }));
	}));
}

const FIELD_DEFAULTS = { of: "a", partner: "both", size: 0.8, state: "trust", trait: "responsiveness",
	parameter: "stress_event_rate", mechanism: "repair", factor: 0.5 };
let edited = null;

function openEvent(event, index) {
	edited = { event, index };
	$("event-heading").textContent = index == null ? "Add an event" : "Edit the event";
	$("event-save").textContent = index == null ? "Add" : "Save";
	$("event-kind").value = event.kind;
	$("event-fault").hidden = true;
	showFields();
	$("event-dialog").showModal();
}

function showFields() {
	const kind = $("event-kind").value;
	const form = page.event_kinds.find((own) => own.properties.kind.const === kind);
	const { event, index } = edited;
	$("event-about").textContent = form.description + ".";
	const order = (key) => (key === "label" ? 2 : form.required.includes(key) ? 0 : 1);
	const keys = Object.keys(form.properties).filter((key) => key !== "kind").sort((one, other) => order(one) - order(other));
	$("event-fields").replaceChildren(...keys.map((key) => {
		const own = form.properties[key];
		const needed = form.required.includes(key);
		let value = event[key];
		if (value == null && index == null && ["day", "from"].includes(key)) value = event.day ?? event.from;
		if (value == null && index == null && (needed || ["partner", "factor"].includes(key))) value = FIELD_DEFAULTS[key];
		if (value == null && index == null && key === "for") value = 60;
		let field;
		const choices = own.enum ?? (own.type === "boolean" && ["false", "true"]);
		if (choices) {
			field = make("select", { "data-key": key, "data-type": own.type }, ...[...(needed ? [] : [""]), ...choices].map((word) =>
				make("option", { value: word, text: { "": "–", false: "no", true: "yes" }[word] ?? words(word) })));
		} else if (["integer", "number"].includes(own.type)) {
			field = make("input", { type: "number", "data-key": key, "data-type": "number",
				step: own.type === "integer" ? 1 : "any", min: own.minimum, max: own.maximum });
		} else field = make("input", { type: "text", "data-key": key, maxlength: 100 });
		if (value != null) field.value = String(value);
		return make("label", {}, `${capital(words(key))}${needed ? "" : " (may be empty)"} `, field,
			make("span", { class: "help", text: own.description ?? "" }));
	}));
}

async function saveEvent() {
	const event = { kind: $("event-kind").value };
	for (const field of $("event-fields").querySelectorAll("[data-key]")) {
		if (field.value === "") continue;
		const type = field.dataset.type;
		event[field.dataset.key] = type === "number" ? Number(field.value) : type === "boolean" ? field.value === "true" : field.value;
	}
	const list = [...events()];
	if (edited.index == null) list.push(event);
	else list[edited.index] = event;
	// The program says whether the event is one.
	const wanted = new Map(state.now).set("event", toToml(list));
	const response = await post("scenario", { now: changesOf(wanted) }).catch(() => null);
	if (response?.status === 422) {
		const errors = (await response.json()).filter((error) => error.key === "event");
		if (errors.length) {
			$("event-fault").textContent = errors.map((error) => error.message + (error.help ? `\n${error.help}` : "")).join("\n");
			$("event-fault").hidden = false;
			return;
		}
	}
	$("event-dialog").close();
	setEvents(list);
	showEvents();
	commit();
}

// ---- Figures

function colours() {
	const style = getComputedStyle(document.documentElement);
	const names = ["back", "front", "soft", "line", "a", "b", "couple", "kept", "accent"];
	return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function ticks(low, high, most) {
	const rough = (high - low) / most;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((factor) => factor * power).find((own) => own >= rough);
	const list = [];
	for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) list.push(Number((k * step).toPrecision(12)));
	return list;
}

/// The end, too, where it has space.
function ticksToEnd(low, high, width, font) {
	const list = ticks(low, high, Math.max(2, width / (4.5 * font)));
	return (high - list.at(-1)) * width > 3 * font * (high - low) ? [...list, high] : list;
}

/// Axes in a drawing: positions of values, and the box between them.
function axes(g, { x, y, xLabel, yLabel, form = (value) => String(value), below = 0, square = false }) {
	const { font, colour } = g;
	const widest = Math.max(...ticks(y[0], y[1], 8).map((tick) => g.c.measureText(form(tick)).width));
	const box = { left: widest + 2 * font, top: 0.7 * font, right: g.width - 1.5 * font, bottom: g.height - (2.8 + below) * font };
	if (square) {
		const side = Math.min(box.right - box.left, box.bottom - box.top);
		box.left += (box.right - box.left - side) / 2;
		box.right = box.left + side;
		box.bottom = box.top + side;
	}
	const X = (value) => box.left + ((value - x[0]) / (x[1] - x[0])) * (box.right - box.left);
	const Y = (value) => box.bottom - ((value - y[0]) / (y[1] - y[0])) * (box.bottom - box.top);
	const { c } = g;
	c.lineWidth = 1;
	c.fillStyle = colour.soft;
	c.strokeStyle = colour.line;
	c.textAlign = "center";
	c.textBaseline = "top";
	for (const tick of ticksToEnd(x[0], x[1], box.right - box.left, font)) {
		line(c, [[X(tick), box.top], [X(tick), box.bottom]]);
		c.fillText(String(tick), X(tick), box.bottom + 0.3 * font);
	}
	c.textAlign = "right";
	c.textBaseline = "middle";
	for (const tick of ticks(y[0], y[1], Math.max(2, (box.bottom - box.top) / (3 * font)))) {
		line(c, [[box.left, Y(tick)], [box.right, Y(tick)]]);
		c.fillText(form(tick), box.left - 0.35 * font, Y(tick));
	}
	c.textAlign = "center";
	c.textBaseline = "bottom";
	c.fillStyle = colour.front;
	c.fillText(xLabel, (box.left + box.right) / 2, g.height - 0.1 * font);
	c.save();
	c.translate(box.left - widest - 0.7 * font, (box.top + box.bottom) / 2);
	c.rotate(-Math.PI / 2);
	c.fillText(yLabel, 0, 0);
	c.restore();
	return { box, X, Y };
}

function line(c, points) {
	c.beginPath();
	let open = false;
	for (const [x, y] of points) {
		if (!Number.isFinite(y)) { open = false; continue; }
		if (open) c.lineTo(x, y);
		else c.moveTo(x, y);
		open = true;
	}
	c.stroke();
}

function band(c, lower, upper) {
	const points = [...lower, ...upper.reverse()].filter(([, y]) => Number.isFinite(y));
	if (!points.length) return;
	c.beginPath();
	points.forEach(([x, y], index) => (index ? c.lineTo(x, y) : c.moveTo(x, y)));
	c.fill();
}

const nan = (value) => (value == null ? NaN : value);
const settings = () => [["kept", answer.kept], ["now", answer.now]].filter(([, own]) => own);
/// Rows of both settings, each with its name in front.
const perSetting = (rows) => settings().flatMap(([name, own]) => rows(own).map((row) => [name, ...row]));
/// The rows of columns, with a head of their names.
const rowsOf = (columns, names) => columns[names[0]].map((_, at) => names.map((name) => columns[name][at]));
const info = (key) => page.observables.find((own) => own.key === key);
const lineOf = (setting, observable, role) => setting.trajectory.lines.find((own) => own.observable === observable && own.role === role);
const roles = (observable) => (info(observable).of_couple ? ["couple"] : SIDES);
const nameOf = (role) => (role === "couple" ? "couple" : role.toUpperCase());

/// The table of a figure from what is saved of it.
function tableOf([head, ...rows], keep = () => true) {
	const text = (value) => (typeof value === "number" && !Number.isInteger(value) ? short(value) : value ?? "–");
	return { head: head.map(words), rows: rows.filter(keep).map((row) => row.map(text)) };
}

/// Means with their band, in the colour of the role; the partner's name at the end.
function curve(g, a, days, own, role, dashed) {
	const { c } = g;
	const at = (values) => values.map((value, index) => [a.X(days[index]), a.Y(nan(value))]);
	c.fillStyle = c.strokeStyle = g.colour[role];
	c.globalAlpha = dashed ? 0.12 : 0.25;
	band(c, at(own.ci_low), at(own.ci_high));
	c.globalAlpha = 1;
	c.lineWidth = 2.2;
	c.setLineDash(dashed ? DASH : []);
	line(c, at(own.mean));
	c.setLineDash([]);
	const last = own.mean.at(-1);
	if (dashed || last == null || role === "couple") return;
	c.textAlign = "right";
	c.textBaseline = "bottom";
	c.font = `bold ${g.type}`;
	c.fillText(nameOf(role), a.box.right - (role === "b" ? 1.2 * g.font : 2), a.Y(last) - 3);
	c.font = g.type;
}

function marks(g, { box, X }, days) {
	const { c, font, colour } = g;
	c.setLineDash([]);
	answer.now.marks.forEach((mark, index) => {
		if (mark.day > days) return;
		const [from, until] = [X(mark.day), X(Math.min(days, mark.until ?? mark.day))];
		c.fillStyle = colour.soft;
		c.globalAlpha = 0.18;
		if (mark.until) c.fillRect(from, box.top, until - from, box.bottom - box.top);
		c.globalAlpha = 1;
		c.strokeStyle = colour.soft;
		line(c, [[from, box.top], [from, box.bottom]]);
		c.textAlign = "left";
		c.textBaseline = "top";
		c.fillText(String(index + 1), from + 3, box.top + 2);
	});
}

function counts(g, { box, X }, at, label) {
	const { c, font, colour } = g;
	c.fillStyle = colour.soft;
	c.textBaseline = "top";
	c.textAlign = "center";
	for (const tick of ticksToEnd(0, answer.now.days, X(answer.now.days) - box.left, font)) {
		const value = at(tick);
		if (value != null) c.fillText(grouped(value), clamp(X(tick), box.left, box.right), box.bottom + 1.45 * font);
	}
	c.textAlign = "left";
	c.fillText(label, 2, box.bottom + 1.45 * font);
}

function cursor(g, { box, X }, day) {
	if (day == null) return;
	g.c.setLineDash([2, 3]);
	g.c.strokeStyle = g.colour.accent;
	g.c.lineWidth = 1.5;
	line(g.c, [[X(day), box.top], [X(day), box.bottom]]);
	g.c.setLineDash([]);
}

/// The position of the last day that is at most a given one.
function place(days, day) {
	let low = 0, high = days.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (days[middle] <= day) low = middle;
		else high = middle - 1;
	}
	return low;
}

/// The range of an axis: of the observable, or of the values.
function range(observable, values) {
	const own = info(observable);
	const sound = values.filter(Number.isFinite);
	if (!state.zoom && !own.count && own.unit !== "share of days") return [own.low, own.high];
	let [low, high] = [Math.min(...sound), Math.max(...sound)];
	if (!sound.length) return [own.low, own.high];
	if (!state.zoom) return [Math.min(0, low), Math.max(high * 1.1, own.count ? 1 : 0.05)];
	const space = Math.max(0.05 * (high - low), 0.005);
	return [low - space, high + space];
}

const REGIMES = ["disengagement", "complacency", "codependency", "secure_balance"];
const meanEnd = (ends, at) => ["trust", "intimacy"].map((key) => 0.5 * (ends[`${key}_end_a`][at] + ends[`${key}_end_b`][at]));
const dayOf = (name, day) => (answer.kept ? `${capital(name)}, day ${day}` : `Day ${day}`);
const legend = () => (answer.kept ? " Solid: now; dashed: kept." : "");

const figures = {
	trajectory: {
		title: () => `${info(drawn).label} over time`,
		caption: () => `Means over couples still together, with 95 % intervals; n: couples still together.${legend()}`
			+ (events().length ? ` ${events().map((event, index) => `${index + 1}: ${eventText(event)}`).join("; ")}.` : ""),
		draw(g, day) {
			const key = drawn;
			const all = settings().flatMap(([, setting]) => roles(key).flatMap((role) => {
				const own = lineOf(setting, key, role);
				return state.zoom ? [...own.ci_low, ...own.ci_high].map(nan) : own.mean.map(nan);
			}));
			const most = Math.max(...settings().map(([, setting]) => setting.days));
			const unit = info(key).unit === "1" ? "" : ` (${info(key).unit})`;
			const a = axes(g, { x: [0, most], y: range(key, all), xLabel: "Day", yLabel: info(key).label + unit, below: 1.2 });
			marks(g, a, most);
			for (const [name, setting] of settings()) {
				for (const role of roles(key)) {
					const own = lineOf(setting, key, role);
					curve(g, a, setting.trajectory.day, own, role, name === "kept");
				}
			}
			g.c.setLineDash([]);
			const own = lineOf(answer.now, "trust", "couple");
			counts(g, a, (tick) => own.n[place(answer.now.trajectory.day, tick)], "n");
			cursor(g, a, day);
			return a;
		},
		readout(day) {
			return settings().map(([name, setting]) => {
				const at = place(setting.trajectory.day, day);
				const own = roles(drawn).map((role) => {
					const found = lineOf(setting, drawn, role);
					return `${nameOf(role)} ${short(found.mean[at])}${interval(found.ci_low[at], found.ci_high[at])}`;
				});
				const n = lineOf(setting, "trust", "couple").n[at];
				return `${dayOf(name, setting.trajectory.day[at])}: ${own.join("; ")}; n = ${grouped(n)}`;
			}).join(" | ");
		},
		table() {
			const days = ticks(0, answer.now.days, 10);
			return tableOf(this.csv(), (row) => row[2] === drawn && days.includes(row[1]));
		},
		csv() {
			const head = ["setting", "day", "observable", "role", "n", "mean", "ci_low", "ci_high"];
			return [head, ...perSetting(({ trajectory }) => trajectory.day.flatMap((day, at) => trajectory.lines.map((own) =>
				[day, own.observable, own.role, own.n[at], own.mean[at], own.ci_low[at], own.ci_high[at]])))];
		},
	},

	plane: {
		title: () => "Trust and intimacy",
		caption: () => {
			const shown = answer.now.couple_ends.couple.length;
			const all = answer.now.couples * answer.now.replicates;
			return `Each dot is a couple (the mean of A and B) on its last day; hollow: separated. `
				+ `Arrows: mean change over ${answer.now.flow_days} days, where at least 30 such changes began. `
				+ `The line is the mean of couples still together, from the ring on.`
				+ (shown < all ? ` The first ${grouped(shown)} of ${grouped(all)} couples are drawn.` : "")
				+ (answer.kept ? " Grey: kept." : "");
		},
		draw(g) {
			const { c, colour, font } = g;
			const a = axes(g, { x: [0, 1], y: [0, 1], xLabel: "Trust", yLabel: "Intimacy", square: true });
			const cut = page.cuts;
			c.setLineDash([4, 4]);
			c.strokeStyle = colour.soft;
			line(c, [[a.X(cut.trust), a.box.top], [a.X(cut.trust), a.box.bottom]]);
			line(c, [[a.box.left, a.Y(cut.intimacy)], [a.box.right, a.Y(cut.intimacy)]]);
			c.setLineDash([]);
			for (const [name, setting] of settings()) {
				const ends = setting.couple_ends;
				c.strokeStyle = c.fillStyle = name === "now" ? colour.couple : colour.kept;
				c.lineWidth = 1;
				c.globalAlpha = name === "now" ? 0.5 : 0.3;
				const radius = Math.max(1.6, font * 0.14);
				ends.couple.forEach((_, at) => {
					c.beginPath();
					const [trust, intimacy] = meanEnd(ends, at);
					c.arc(a.X(trust), a.Y(intimacy), radius, 0, 7);
					if (ends.ended[at]) c.stroke();
					else c.fill();
				});
				c.globalAlpha = 1;
				c.lineWidth = name === "now" ? 3 : 2;
				c.strokeStyle = name === "now" ? colour.front : colour.kept;
				const [trust, intimacy] = ["trust", "intimacy"].map((key) => lineOf(setting, key, "couple").mean.map(nan));
				line(c, trust.map((value, at) => [a.X(value), a.Y(intimacy[at])]));
				c.beginPath();
				c.arc(a.X(trust[0]), a.Y(intimacy[0]), font * 0.3, 0, 7);
				c.stroke();
			}
			const flow = answer.now.phase_flow;
			c.strokeStyle = colour.front;
			c.lineWidth = 1.4;
			flow.n.forEach((n, at) => {
				if (n < 30) return;
				const from = [a.X(flow.trust[at]), a.Y(flow.intimacy[at])];
				arrow(c, from, [a.X(flow.trust[at] + flow.d_trust[at]), a.Y(flow.intimacy[at] + flow.d_intimacy[at])], font * 0.28);
			});
			c.fillStyle = colour.soft;
			REGIMES.map((key) => info(key).label).forEach((text, at) => {
				const [right, top] = [at % 2, at > 1];
				c.textAlign = right ? "right" : "left";
				c.textBaseline = top ? "top" : "bottom";
				const [px, py] = [right ? a.box.right - 5 : a.box.left + 5, top ? a.box.top + 4 : a.box.bottom - 4];
				c.lineWidth = 4;
				c.strokeStyle = colour.back;
				c.strokeText(text, px, py);
				c.fillText(text, px, py);
			});
			return null;
		},
		table() {
			const head = ["Setting", "Regime of couples still together, last day", "Share of the drawn couples"];
			const rows = perSetting(({ couple_ends: ends }) => {
				const counted = [0, 0, 0, 0];
				ends.ended.forEach((ended, at) => {
					const [trust, intimacy] = meanEnd(ends, at);
					if (!ended) counted[(trust >= page.cuts.trust) + 2 * (intimacy >= page.cuts.intimacy)] += 1;
				});
				const n = counted.reduce((sum, own) => sum + own);
				return REGIMES.map((key, at) => [info(key).label, `${n ? percent(counted[at] / n) : "–"} (${counted[at]} of ${n})`]);
			});
			return { head, rows };
		},
		csv() {
			const names = ["couple", "ended", "time", "trust_end_a", "trust_end_b", "intimacy_end_a", "intimacy_end_b"];
			return [["setting", ...names], ...perSetting(({ couple_ends: ends }) => rowsOf(ends, names))];
		},
	},

	survival: {
		title: () => "Still together",
		caption: () => `Share of couples still together, with 95 % intervals; n: couples at risk.${legend()}`,
		draw(g, day) {
			const most = Math.max(...settings().map(([, setting]) => setting.days));
			const lowest = Math.min(...settings().flatMap(([, { survival }]) => survival.ci_low.filter((value) => value != null)), 1);
			const low = state.zoom ? Math.max(0, Math.floor(lowest * 20 - 1) / 20) : 0;
			const a = axes(g, { x: [0, most], y: [low, 1], xLabel: "Day", yLabel: "Still together", form: (value) => `${Math.round(100 * value)} %`, below: 1.2 });
			marks(g, a, most);
			for (const [name, setting] of settings()) {
				const own = setting.survival;
				const steps = (values) => own.day.flatMap((at, index) => [...(index ? [[a.X(at), a.Y(nan(values[index - 1]))]] : []), [a.X(at), a.Y(nan(values[index]))]]);
				g.c.fillStyle = g.c.strokeStyle = name === "now" ? g.colour.couple : g.colour.kept;
				g.c.globalAlpha = 0.2;
				band(g.c, steps(own.ci_low), steps(own.ci_high));
				g.c.globalAlpha = 1;
				g.c.lineWidth = 2.2;
				g.c.setLineDash(name === "kept" ? DASH : []);
				line(g.c, steps(own.survival));
			}
			g.c.setLineDash([]);
			counts(g, a, (tick) => atRisk(answer.now, tick), "n");
			cursor(g, a, day);
			return a;
		},
		readout(day) {
			return settings().map(([name, setting]) => {
				const own = setting.survival;
				const at = place(own.day, day);
				return `${dayOf(name, day)}: ${percent(own.survival[at])}${interval(own.ci_low[at], own.ci_high[at], percent)}; n at risk = ${grouped(atRisk(setting, day))}`;
			}).join(" | ");
		},
		table() {
			const head = ["Setting", "Day", "n at risk", "Still together", "95 % interval"];
			const rows = perSetting((setting) => ticks(0, setting.days, 10).map((day) => {
				const own = setting.survival;
				const at = place(own.day, day);
				return [day, grouped(atRisk(setting, day)), percent(own.survival[at]), `${percent(own.ci_low[at])} to ${percent(own.ci_high[at])}`];
			}));
			return { head, rows };
		},
		csv() {
			const names = ["day", "at_risk", "ended", "survival", "ci_low", "ci_high"];
			return [["setting", ...names], ...perSetting(({ survival }) => rowsOf(survival, names))];
		},
	},

	couple: {
		title: () => "One couple",
		caption: () => {
			const ends = settings().map(([name, { couple: own }]) => `${answer.kept ? `${name}: ` : ""}`
				+ (own.end_day == null ? "together to the end" : `separated on day ${short(own.end_day, 0)} (${own.left === "both" ? "both leave" : `${own.left} leaves`})`));
			return `Couple ${answer.now.couple.number}, day by day: ${ends.join("; ")}. Ticks below: days with a conflict.${legend()}`;
		},
		draw(g, day) {
			const key = answer.now.couple.partners[drawn] ? drawn : "trust";
			const all = settings().flatMap(([, { couple: own }]) => own.partners[key].flat().map(nan));
			const a = axes(g, { x: [0, answer.now.days], y: range(key, all), xLabel: "Day", yLabel: info(key).label });
			marks(g, a, answer.now.days);
			for (const [name, { couple: own }] of settings()) {
				g.c.setLineDash(name === "kept" ? DASH : []);
				g.c.globalAlpha = name === "kept" ? 0.7 : 1;
				g.c.lineWidth = 1.6;
				SIDES.forEach((side, person) => {
					g.c.strokeStyle = g.colour[side];
					line(g.c, own.partners[key][person].map((value, at) => [a.X(own.day[at]), a.Y(nan(value))]));
				});
				g.c.setLineDash([]);
				if (name === "now") {
					g.c.strokeStyle = g.colour.front;
					own.conflict.forEach((count, at) => count && line(g.c, [[a.X(own.day[at]), a.box.bottom], [a.X(own.day[at]), a.box.bottom - 0.5 * g.font]]));
				}
				if (own.end_day != null) {
					g.c.lineWidth = 2;
					g.c.strokeStyle = name === "now" ? g.colour.front : g.colour.kept;
					line(g.c, [[a.X(own.end_day), a.box.top], [a.X(own.end_day), a.box.bottom]]);
				}
				g.c.globalAlpha = 1;
			}
			cursor(g, a, day);
			return a;
		},
		readout(day) {
			const key = answer.now.couple.partners[drawn] ? drawn : "trust";
			const own = answer.now.couple;
			const at = place(own.day, day);
			if (!own.day.length || day > own.day[own.day.length - 1]) return `Day ${day}: separated`;
			return `Day ${own.day[at]}: ${info(key).label} of A ${short(own.partners[key][0][at])}, of B ${short(own.partners[key][1][at])}; conflicts: ${own.conflict[at]}`;
		},
		table() {
			return tableOf(this.csv());
		},
		csv() {
			const keys = Object.keys(answer.now.couple.partners);
			return [["setting", "couple", "day", "role", ...keys, "conflict"], ...perSetting(({ couple: own }) => own.day.flatMap((day, at) =>
				SIDES.map((side, person) => [own.number, day, side, ...keys.map((key) => own.partners[key][person][at]), own.conflict[at]])))];
		},
	},

	differences: {
		title: () => `${info(drawn).label}: now minus kept`,
		caption: () => answer.differences.reason ? `No differences: ${answer.differences.reason}.`
			: "Paired differences with 95 % intervals: the same couples with the same random numbers in both settings, those together in both on the day (n). "
				+ "A band without 0: more than chance in the draw of couples.",
		draw(g, day) {
			const lines = differenceLines();
			if (!lines.length) return null;
			const ends = [0, ...lines.flatMap((own) => [...own.ci_low, ...own.ci_high].map(nan))].filter(Number.isFinite);
			const space = Math.max(0.005, 0.05 * (Math.max(...ends) - Math.min(...ends)));
			const a = axes(g, { x: [0, answer.now.days], y: [Math.min(...ends) - space, Math.max(...ends) + space], xLabel: "Day", yLabel: "Now minus kept", below: 1.2 });
			marks(g, a, answer.now.days);
			g.c.strokeStyle = g.colour.front;
			line(g.c, [[a.box.left, a.Y(0)], [a.box.right, a.Y(0)]]);
			for (const own of lines) curve(g, a, own.day, own, own.role, false);
			counts(g, a, (tick) => lines[0].n[place(lines[0].day, tick)], "n");
			cursor(g, a, day);
			return a;
		},
		readout(day) {
			const lines = differenceLines();
			if (!lines.length) return "";
			const at = place(lines[0].day, day);
			return `Day ${lines[0].day[at]}: ${lines.map((own) => `${nameOf(own.role)} ${difference(own, at)}`).join("; ")}; n = ${grouped(lines[0].n[at])}`;
		},
		table() {
			return tableOf(this.csv(), (row) => [drawn, "share intact"].includes(row[0]));
		},
		csv() {
			const names = ["day", "n", "mean", "ci_low", "ci_high"];
			return [["observable", "role", "over", ...names], ...answer.differences.lines.flatMap((own) => rowsOf(own, names).map((row) => [own.observable, own.role, own.over, ...row]))];
		},
	},
};

const differenceOf = (observable, role, over = "together") =>
	answer.differences?.lines.find((own) => own.observable === observable && own.role === role && own.over === over);
const differenceLines = () => roles(drawn).map((role) => differenceOf(drawn, role)).filter(Boolean);
const difference = (own, at = own ? own.day.length - 1 : 0) => (own ? signed(own.mean[at]) + (own.ci_low[at] == null ? "" : ` [${signed(own.ci_low[at])}, ${signed(own.ci_high[at])}]`) : "–");

const atRisk = (setting, day) => {
	const own = setting.survival;
	const at = own.day.findIndex((other) => other >= day);
	return at < 0 ? own.at_risk[own.at_risk.length - 1] : own.at_risk[at];
};

function arrow(c, [x0, y0], [x1, y1], size) {
	const length = Math.hypot(x1 - x0, y1 - y0);
	if (!(length > 6)) return;
	const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
	line(c, [[x0, y0], [x1, y1]]);
	line(c, [[x1 - size * (dx + 0.6 * dy), y1 - size * (dy - 0.6 * dx)], [x1, y1], [x1 - size * (dx - 0.6 * dy), y1 - size * (dy + 0.6 * dx)]]);
}

function paint(figure, canvas, width, height, scale, font, day) {
	canvas.width = Math.round(width * scale);
	canvas.height = Math.round(height * scale);
	const c = canvas.getContext("2d");
	c.scale(scale, scale);
	const type = `${font}px ${getComputedStyle(document.body).fontFamily}`;
	c.font = type;
	c.lineJoin = "round";
	return figure.draw({ c, width, height, font, type, colour: colours() }, day);
}

function buildFigures() {
	for (const [id, figure] of Object.entries(figures)) {
		const element = $(id);
		const has = Boolean(figure.readout);
		figure.heading = make("h3", { id: `${id}-heading` });
		figure.canvas = make("canvas", { role: "img", "aria-labelledby": `${id}-heading`, "aria-describedby": `${id}-caption`, tabindex: has ? 0 : null });
		figure.readoutElement = make("p", { class: "readout", "aria-live": "polite" });
		figure.captionElement = make("figcaption", { id: `${id}-caption` });
		const content = make("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table" });
		figure.details = make("details", {}, make("summary", { text: "As a table" }), content);
		figure.details.addEventListener("toggle", () => showTable(id));
		const tools = make("div", { class: "tools" },
			make("button", { type: "button", text: "CSV", "aria-label": `Save ${id} as CSV`, onclick: () => saveCsv(id) }),
			make("button", { type: "button", text: "PNG", "aria-label": `Save ${id} as PNG`, onclick: () => savePng(id) }));
		if (id === "couple") tools.prepend(...coupleTools());
		element.append(make("div", { class: "head" }, figure.heading, tools), figure.canvas, figure.readoutElement, figure.captionElement, figure.details);
		new ResizeObserver(() => answer && draw(id)).observe(figure.canvas);
		if (has) listen(id);
	}
}

function coupleTools() {
	const input = make("input", { type: "number", min: 1, step: 1, id: "couple-number", "aria-label": "Number of the couple" });
	const go = (to) => {
		state.couple = clamp(Math.round(to) || 1, 1, answer ? answer.now.couples : 1);
		input.value = state.couple;
		commit();
		refresh();
	};
	input.addEventListener("change", () => go(Number(input.value)));
	return [make("span", { text: "Couple" }), make("button", { type: "button", text: "‹", "aria-label": "Previous couple", onclick: () => go(state.couple - 1) }),
		input, make("button", { type: "button", text: "›", "aria-label": "Next couple", onclick: () => go(state.couple + 1) })];
}

/// A day cursor by pointer and arrow keys; a click adds an event.
function listen(id) {
	const { canvas } = figures[id];
	const dayAt = (x) => {
		const { axes: a } = figures[id];
		return clamp(Math.round(((x - a.box.left) / (a.box.right - a.box.left)) * answer.now.days), 0, answer.now.days);
	};
	const move = (day) => {
		figures[id].day = day;
		draw(id);
		figures[id].readoutElement.textContent = day == null ? "" : figures[id].readout(day);
	};
	canvas.addEventListener("pointermove", (event) => answer && move(dayAt(event.offsetX)));
	canvas.addEventListener("pointerleave", () => answer && move(null));
	canvas.addEventListener("click", (event) => answer && openEvent(newEvent(Math.max(1, dayAt(event.offsetX)))));
	canvas.addEventListener("keydown", (event) => {
		const moves = { ArrowLeft: -1, ArrowRight: 1, PageDown: -30, PageUp: 30 };
		const days = answer?.now.days;
		if (!days) return;
		if (event.key in moves) move(clamp((figures[id].day ?? 0) + moves[event.key], 0, days));
		else if (event.key === "Home") move(0);
		else if (event.key === "End") move(days);
		else if (event.key === "Enter") openEvent(newEvent(Math.max(1, figures[id].day ?? 1)));
		else return;
		event.preventDefault();
	});
}

const newEvent = (day) => ({ kind: "betrayal", day });

function draw(id) {
	const figure = figures[id];
	const box = figure.canvas.getBoundingClientRect();
	if (!box.width) return;
	const font = 0.82 * parseFloat(getComputedStyle(document.documentElement).fontSize);
	figure.axes = paint(figure, figure.canvas, box.width, box.height, window.devicePixelRatio || 1, font, figure.day);
}

function showTable(id) {
	const { details, table } = figures[id];
	if (!details.open || !answer) return;
	const { head, rows } = table();
	details.lastChild.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", text })))),
		make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text) => make("td", { text })))))));
}

function show() {
	if (!answer) return;
	$("differences").hidden = !answer.kept;
	for (const [id, figure] of Object.entries(figures)) {
		if (id === "differences" && !answer.kept) continue;
		figure.heading.textContent = figure.title();
		figure.captionElement.textContent = figure.caption();
		if (figure.day != null) figure.readoutElement.textContent = figure.readout(figure.day);
		draw(id);
		showTable(id);
	}
	$("couple-number").value = answer.now.couple.number;
	$("couple-number").max = answer.now.couples;
	showSummary();
	$("warnings").replaceChildren(...answer.now.warnings.map((text) => make("li", { text: `Note: ${text}` })));
}

/// Numbers as a table, and as a sentence for screen readers when nothing moves.
function showSummary() {
	const head = ["", "Day 0", "Last day", ...(answer.kept ? ["Now minus kept, together in both", "Now minus kept, all couples"] : [])];
	const { now } = answer;
	const value = (own, at) => `${short(own.mean[at])}${interval(own.ci_low[at], own.ci_high[at])}`;
	const both = (key, role) => ["together", "all"].map((over) => difference(differenceOf(key, role, over)));
	const last = now.trajectory.day.length - 1;
	const atEnd = ({ survival: own }, at = own.day.length - 1) => percent(own.survival[at]) + interval(own.ci_low[at], own.ci_high[at], percent);
	const together = atEnd(now);
	const rows = [["Still together", "100 %", together, ...both("share intact", "couple")]];
	const shown = [...new Set([info(drawn).of_couple ? "trust" : drawn, ...MEASURES])];
	for (const measure of shown) {
		for (const side of SIDES) {
			const own = lineOf(now, measure, side);
			rows.push([`${info(measure).label} of ${side.toUpperCase()}`, value(own, 0), value(own, last), ...both(measure, side)]);
		}
	}
	const n = lineOf(now, "trust", "couple").n;
	const size = `${grouped(now.couples * now.replicates)} couples, ${grouped(now.days)} days, seed ${now.seed}.`;
	const sentence = `Together on the last day: ${together}.` + (answer.kept ? ` Kept: ${atEnd(answer.kept)}.` : "");
	$("together-line").replaceChildren(make("b", { text: sentence }), ` ${size}`);
	const pairs = differenceOf("trust", "couple")?.n.at(-1);
	const caption = `Means with 95 % intervals over the couples still together: ${grouped(n[0])} at the start, ${grouped(n[last])} on the last day.`
		+ (pairs == null ? "" : ` Differences on the last day: ${grouped(pairs)} couples are together in both; of all couples, those that separated have the value of their last day.`);
	const cells = (row) => row.slice(0, head.length).map((text, at) => make(at ? "td" : "th", { text, scope: at ? null : "row" }));
	$("summary").replaceChildren(make("table", {}, make("caption", { text: caption }),
		make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", text })))),
		make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row))))));
	announce(`${sentence} ${size} ${rows[1][0]}: ${rows[1][2]}. ${rows[2][0]}: ${rows[2][2]}.`);
}

const announce = later(700, (text) => { $("announce").textContent = text; });

// ---- Saving and copying

function save(name, blob) {
	const link = make("a", { href: URL.createObjectURL(blob), download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function saveCsv(id) {
	const cell = (value) => (value == null ? "NA" : /[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
	const text = figures[id].csv().map((row) => row.map(cell).join(",")).join("\n") + "\n";
	save(`${id}.csv`, new Blob([text], { type: "text/csv" }));
}

function savePng(id) {
	const figure = figures[id];
	const [width, height, font, scale] = [900, 600, 16, 2];
	const drawing = make("canvas");
	paint(figure, drawing, width, height, scale, font, null);
	const canvas = make("canvas", { width: width * scale, height: (height + 130) * scale });
	const c = canvas.getContext("2d");
	const colour = colours();
	c.fillStyle = colour.back;
	c.fillRect(0, 0, canvas.width, canvas.height);
	c.scale(scale, scale);
	c.drawImage(drawing, 0, 40, width, height);
	c.fillStyle = colour.front;
	const family = getComputedStyle(document.body).fontFamily;
	c.font = `bold ${font + 2}px ${family}`;
	c.fillText(`${page.title}: ${figure.title()}`, 12, 27, width - 24);
	c.font = `${font - 3}px ${family}`;
	c.fillStyle = colour.soft;
	const caption = `${figure.caption()} ${grouped(answer.now.couples * answer.now.replicates)} couples, ${answer.now.days} days, seed ${answer.now.seed}; pairbond ${page.version}.`;
	let y = height + 58, text = "";
	for (const word of caption.split(" ")) {
		if (c.measureText(`${text} ${word}`).width > width - 24) { c.fillText(text, 12, y); y += font + 2; text = word; } else text = text ? `${text} ${word}` : word;
	}
	c.fillText(text, 12, y);
	canvas.toBlob((blob) => save(`${id}.png`, blob), "image/png");
}

function showText(heading, text, note, file) {
	$("text-heading").textContent = heading;
	$("text").value = text;
	$("text-about").textContent = note;
	$("text-save").hidden = !file;
	$("text-copy").textContent = "Copy";
	$("text-dialog").showModal();
	$("text").select();
}

const quoted = (text) => (/^[\w./=,@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function command(changes, out) {
	const sets = [...page.overrides, ...changesOf(changes)].map((text) => ` \\\n  --set ${quoted(text)}`).join("");
	return `pairbond run ${quoted(page.file ?? "default.toml")}${out ? ` -o results/${out}` : ""}${sets}`;
}

function copyCommand() {
	const first = page.file ? "" : "pairbond new default.toml\n";
	const text = state.kept ? `${command(state.kept, "kept")}\n${command(state.now, "now")}` : command(state.now);
	showText("Copy as command", `${first}${text}\n`, "Runs this setting with the program, which gives the same numbers. For shells of Linux and macOS.");
}

async function copyScenario() {
	const response = await post("scenario", { now: changesOf(state.now), kept: state.kept && changesOf(state.kept) }).catch(() => null);
	if (response?.status !== 200) return refresh();
	const { toml, conditions } = await response.json();
	showText("Copy as scenario", toml, (conditions ? "Both settings as conditions of a scenario file, which `pairbond run` compares" : "This setting as a scenario file")
		+ ": what the file says with your changes, without its comments, sweep, conditions and claims.", "scenario.toml");
}

// ---- Start

function start(description) {
	page = description;
	readAddress();
	run();
	document.title = `${page.title} – pairbond explore`;
	$("title").textContent = page.title;
	$("description").textContent = page.description.trim() || "Move a slider: the couples are simulated again at once.";
	$("footer").textContent = `pairbond ${page.version}${page.file ? `, ${page.file}` : ", default scenario"}. The address of this page holds all that you changed.`
		+ (page.initial.length ? ` To follow the sliders the page begins with ${page.initial.join(" and ")}.` : "");
	$("observable").append(...page.observables.map((own) => make("option", { value: own.key, text: own.label })));
	$("event-kind").append(...page.event_kinds.map((own) => make("option", { value: own.properties.kind.const, text: capital(own.properties.kind.const) })));
	buildControls(true);
	buildFigures();
	showControls();

	const set = (name, value) => { state[name] = value; showControls(); show(); commit(); };
	const on = (id, event, work) => $(id).addEventListener(event, work);
	const step = (id, work) => on(id, "click", () => { work(); showControls(); commit(); refresh(); });
	step("keep", () => { state.kept = new Map(state.now); });
	step("swap", () => { [state.now, state.kept] = [state.kept, state.now]; });
	step("forget", () => { state.kept = null; });
	step("reset-all", () => { state.now = changesFrom(page.initial); });
	on("observable", "change", () => { state.observable = $("observable").value; commit(); refresh(); });
	// A place in the address would take that of the state.
	on("skip", "click", (event) => { event.preventDefault(); $("views-heading").focus(); });
	on("zoom", "change", () => set("zoom", $("zoom").checked));
	on("together", "change", () => set("together", $("together").checked));
	on("larger", "click", () => set("larger", !state.larger));
	on("theme", "click", () => set("theme", { system: "light", light: "dark", dark: "system" }[state.theme]));
	on("more", "toggle", () => { state.more = $("more").open; writeAddress(); });
	on("find", "input", find);
	on("copy-scenario", "click", copyScenario);
	on("copy-command", "click", copyCommand);
	on("add-event", "click", () => openEvent(newEvent(Math.max(1, Math.round((answer?.now.days ?? 2) / 2)))));
	on("event-kind", "change", showFields);
	on("event-save", "click", saveEvent);
	on("event-cancel", "click", () => $("event-dialog").close());
	on("text-close", "click", () => $("text-dialog").close());
	on("text-save", "click", () => save("scenario.toml", new Blob([$("text").value], { type: "text/plain" })));
	on("text-copy", "click", async () => {
		$("text").select();
		await navigator.clipboard.writeText($("text").value).catch(() => document.execCommand("copy"));
		$("text-copy").textContent = "Copied";
	});
	addEventListener("popstate", () => { readAddress(); showControls(); refresh(); });
	addEventListener("pagehide", () => history.replaceState(null, "", address()));
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

fetch("page").then((response) => response.json()).then(start).catch((error) => {
	$("fault").hidden = false;
	$("fault").textContent = `The page could not be loaded: ${error.message}`;
});
