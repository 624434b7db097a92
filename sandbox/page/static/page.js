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
		const open = state.hubspot.contacts.filter(({ match }) => match !== 'same').length;
		status.textContent =
			open === 0
				? 'Both sides agree on the members shown.'
				: `${open} of the members shown are missing or differ in Brevo.`;
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

let counter = Date.now() % 100000;

document.querySelector('.actions').addEventListener('click', async (event) => {
	const action = event.target.dataset?.action;
	if (!action || !last) return;
	const { list, contacts } = JSON.parse(last).hubspot;
	const newest = contacts[0];
	counter += 1;
	const email = `visitor.${counter}@example.com`;
	const bodies = {
		add: {
			op: 'addContact',
			properties: { email, firstname: 'Visitor', lastname: String(counter), lifecyclestage: 'lead' },
			lists: [list.id],
		},
		change: { op: 'changeContact', id: newest?.id, properties: { firstname: `Renamed ${counter}` } },
		pageView: { op: 'pageView', id: newest?.id },
		optOut: { op: 'optOut', id: newest?.id },
		remove: { op: 'removeFromList', list: list.id, ids: [newest?.id] },
	};
	const reply = await fetch('/hubspot/_sandbox/do', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(bodies[action]),
	});
	if (!reply.ok) status.textContent = (await reply.json()).message;
	void poll();
});

await poll();
setInterval(() => document.hidden || void poll(), POLL_MS);
