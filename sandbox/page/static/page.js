// Polls the state of both stand-ins and shows it. Everything is set as text, never as HTML: names hold angle brackets.
const POLL_MS = 1000;
const shown = {};
const status = document.getElementById('status');
let last = '';

for (const [key, title] of [
	['hubspot', 'HubSpot'],
	['brevo', 'Brevo'],
]) {
	const section = document.getElementById(key);
	section.append(document.getElementById('side').content.cloneNode(true));
	section.querySelector('h2').textContent = title;
	section.querySelector('h2').id = `${key}-title`;
	section.querySelector('.scroll').setAttribute('aria-label', `Members of the ${title} list`);
	section.querySelector('select').addEventListener('change', (event) => {
		shown[key] = event.target.value;
		void poll();
	});
}

async function poll() {
	try {
		const query = new URLSearchParams({ limit: '50', ...shown });
		const reply = await fetch(`/state?${query}`);
		if (!reply.ok) throw new Error(String(reply.status));
		const text = await reply.text();
		if (text === last) return;
		last = text;
		const state = JSON.parse(text);
		for (const key of ['hubspot', 'brevo']) show(key, state[key]);
		for (const name of ['person', 'other']) showChoices(name, state.hubspot.contacts);
		showChoices('contact', state.brevo.contacts);
		showFormer(state.former);
		showLog(state.log);
		const open = state.hubspot.contacts.filter(({ match }) => match !== 'same').length;
		const left = state.former.filter(({ isFine }) => !isFine).length;
		status.textContent = [
			open === 0
				? 'Both sides agree on the members shown.'
				: `${open} of the members shown are missing or differ in Brevo.`,
			left === 0 ? '' : `${left} who left are still on the Brevo list or mailable.`,
		].join(' ');
	} catch {
		last = '';
		status.textContent = 'The sandbox does not answer.';
	}
}

function show(key, side) {
	const section = document.getElementById(key);
	section.querySelector('.size').textContent = String(side.list?.size ?? 0);
	section.querySelector('.calls').textContent = String(side.requests);
	showLists(section.querySelector('select'), side);
	section.querySelector('tbody').replaceChildren(...side.contacts.map((contact) => rowOf(key, contact)));
	const counts = Object.entries(side.counts).sort(([, a], [, b]) => b - a);
	section
		.querySelector('dl')
		.replaceChildren(...counts.flatMap(([route, calls]) => [element('dt', route), element('dd', calls)]));
}

function showLists(select, { lists, list }) {
	const wanted = lists.map(({ id, name }) => `${id}\n${name}`).join('\n');
	if (select.dataset.lists !== wanted) {
		select.replaceChildren(...lists.map(({ id, name }) => Object.assign(element('option', name), { value: id })));
		select.dataset.lists = wanted;
	}
	if (list && document.activeElement !== select) select.value = list.id;
}

function rowOf(key, contact) {
	const row = document.createElement('tr');
	row.className = contact.match;
	const name = [contact.firstname, contact.lastname].filter(Boolean).join(' ') || '—';
	const cells = [
		element('td', name),
		element('td', contact.email ?? '—'),
		element('td', contact.phone ?? '—'),
		document.createElement('td'),
		document.createElement('td'),
	];
	cells[0].dir = 'auto';
	const blockedWord = key === 'hubspot' ? 'opted out' : 'blocked';
	cells[3].append(badge(contact.blocked ? blockedWord : 'mailable', contact.blocked ? 'bad' : 'good'));
	if (contact.match === 'same') cells[4].append(badge('same', 'good'));
	else cells[4].append(badge(contact.match, contact.match === 'missing' ? 'bad' : 'warn'), ` ${contact.why}`);
	row.append(...cells);
	return row;
}

function badge(text, kind) {
	return Object.assign(element('span', text), { className: `badge ${kind}` });
}

function element(name, text) {
	return Object.assign(document.createElement(name), { textContent: String(text) });
}

const form = document.getElementById('actions');

/** People to choose from: those shown in the tables. What is chosen stays chosen as long as it is there. */
function showChoices(name, contacts) {
	const select = form.elements[name];
	const wanted = contacts.map(({ id, ...contact }) => `${id}\n${labelOf(contact)}`).join('\n');
	if (select.dataset.choices === wanted) return;
	const chosen = select.value;
	select.replaceChildren(
		...contacts.map((contact) => Object.assign(element('option', labelOf(contact)), { value: contact.id })),
	);
	select.dataset.choices = wanted;
	if (contacts.some(({ id }) => id === chosen)) select.value = chosen;
	// Somebody else than the person, so that the two can be merged or swapped at once.
	const { person, other } = form.elements;
	if (other.value === person.value) other.value = contacts.find(({ id }) => id !== person.value)?.id ?? '';
}

const labelOf = ({ firstname, lastname, email, phone }) =>
	[[firstname, lastname].filter(Boolean).join(' '), email ?? phone].filter(Boolean).join(' · ') || 'Nobody';

function showFormer(former) {
	const rows = former.map((person) => {
		const row = document.createElement('tr');
		const cells = [element('td', person.name || '—'), element('td', person.email ?? '—')];
		cells[0].dir = 'auto';
		const there = document.createElement('td');
		there.append(badge(person.how, 'warn'));
		if (person.optedOut) there.append(' ', badge('opted out', 'bad'));
		const here = document.createElement('td');
		if (!person.brevo) here.append(badge('no contact of its own', 'good'));
		else {
			const { onList, blocked } = person.brevo;
			here.append(badge(onList ? 'still on the list' : 'off the list', onList ? 'bad' : 'good'), ' ');
			here.append(badge(blocked ? 'blocked' : 'mailable', person.isFine || onList ? 'good' : 'bad'));
		}
		row.append(...cells, there, here);
		return row;
	});
	document.querySelector('#former tbody').replaceChildren(...rows);
}

function showLog(log) {
	const lines = log.map(({ at, side, who, what }) => {
		const line = document.createElement('li');
		const when = element('time', new Date(at).toLocaleTimeString([], { hour12: false }));
		const text = document.createElement('span');
		text.append(element('bdi', who), `: ${what}`);
		line.append(when, Object.assign(element('strong', side), { className: side }), text);
		return line;
	});
	document.querySelector('#log ol').replaceChildren(...lines);
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('click', async (event) => {
	const action = event.target.dataset?.action;
	if (!action || !last) return;
	const list = JSON.parse(last).hubspot.list?.id;
	const values = Object.fromEntries(new FormData(form));
	const reply = await fetch('/act', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ ...values, list, action }),
	});
	document.getElementById('answer').textContent = reply.ok ? '' : (await reply.json()).message;
	void poll();
});

await poll();
setInterval(() => document.hidden || void poll(), POLL_MS);
