// The tables, choices and the log. Everything is set as text, never as HTML: names hold angle brackets.

export function titleSide(key, title) {
	const section = document.getElementById(key);
	section.querySelector('h2').textContent = title;
	section.querySelector('.scroll').setAttribute('aria-label', `Members of the ${title} list`);
}

export function showSide(key, side) {
	const section = document.getElementById(key);
	section.querySelector('.size').textContent = String(side.list?.size ?? 0);
	section.querySelector('.calls').textContent = String(side.requests);
	showLists(section.querySelector('select'), side);
	section.querySelector('tbody').replaceChildren(...side.contacts.map((contact) => rowOf(side.system, contact)));
	const counts = Object.entries(side.counts).sort(([, a], [, b]) => b - a);
	section
		.querySelector('dl')
		.replaceChildren(...counts.flatMap(([route, calls]) => [element('dt', route), element('dd', calls)]));
}

function showLists(select, { lists, list }) {
	showOptions(
		select,
		lists.map(({ id, name }) => [id, name]),
	);
	if (list && document.activeElement !== select) select.value = list.id;
}

/** Fills a dropdown anew where its entries changed. */
export function showOptions(select, entries) {
	const wanted = entries.map((entry) => entry.join('\n')).join('\n');
	if (select.dataset.choices === wanted) return;
	const chosen = select.value;
	select.replaceChildren(...entries.map(([value, text]) => Object.assign(element('option', text), { value })));
	select.dataset.choices = wanted;
	if (entries.some(([value]) => value === chosen)) select.value = chosen;
}

function rowOf(system, contact) {
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
	const blockedWord = system === 'Brevo' ? 'blocked' : 'opted out';
	cells[3].append(badge(contact.blocked ? blockedWord : 'mailable', contact.blocked ? 'bad' : 'good'));
	if (contact.match === 'same') cells[4].append(badge('same', 'good'));
	else cells[4].append(badge(contact.match, contact.match === 'missing' ? 'bad' : 'warn'), ` ${contact.why}`);
	row.append(...cells);
	return row;
}

function badge(text, kind) {
	return Object.assign(element('span', text), { className: `badge ${kind}` });
}

export function element(name, text) {
	return Object.assign(document.createElement(name), { textContent: String(text) });
}

/** People to choose from: those shown in the tables. What is chosen stays chosen as long as it is there. */
export function showChoices(form, names, contacts) {
	const entries = contacts.map((contact) => [contact.id, labelOf(contact)]);
	for (const name of names) showOptions(form.elements[name], entries);
	// Another contact in the second dropdown, so that the two can be merged or swapped at once.
	const [first, second] = names.map((name) => form.elements[name]);
	if (second && second.value === first.value) second.value = contacts.find(({ id }) => id !== first.value)?.id ?? '';
}

const labelOf = ({ firstname, lastname, email, phone }) =>
	[[firstname, lastname].filter(Boolean).join(' '), email ?? phone].filter(Boolean).join(' · ') || 'Nobody';

export function showFormer(former) {
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

/** The time of day of an instant. */
export const timeOf = (at) => element('time', new Date(at).toLocaleTimeString([], { hour12: false }));

export function showLog(log) {
	const lines = log.map(({ at, side, who, what }) => {
		const line = document.createElement('li');
		const when = timeOf(at);
		const text = document.createElement('span');
		text.append(element('bdi', who), `: ${what}`);
		line.append(when, Object.assign(element('strong', side), { className: side }), text);
		return line;
	});
	document.querySelector('#log ol').replaceChildren(...lines);
}
