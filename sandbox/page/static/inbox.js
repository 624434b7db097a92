// The mails of the inbox. Each is a page of its own in a frame that runs and loads nothing.
import { element, timeOf } from './tables.js';

const list = document.querySelector('#inbox ol');
const frame = document.querySelector('#inbox iframe');
let listed;

/** A new mail is shown as soon as it comes; until then the one that was chosen stays. */
export function showMails(mails) {
	const ids = mails.map(({ id }) => id);
	if (ids.join() === listed) return;
	listed = ids.join();
	list.replaceChildren(...mails.map(lineOf));
	if (mails.length === 0) list.append(element('li', 'Nothing yet.'));
	choose(ids[0] ?? 0);
}

function lineOf({ id, at, from, to, subject }) {
	const line = document.createElement('li');
	const button = element('button', '');
	button.type = 'button';
	button.dataset.mail = id;
	button.append(element('strong', subject || 'No subject'), timeOf(at), element('span', `${from} → ${to.join(', ')}`));
	line.append(button);
	return line;
}

function choose(id) {
	frame.hidden = id === 0;
	if (id !== 0) frame.src = `/mail/${id}`;
	for (const button of list.querySelectorAll('button'))
		button.setAttribute('aria-current', String(Number(button.dataset.mail) === id));
}

list.addEventListener('click', (event) => {
	const button = event.target.closest('button');
	if (button) choose(Number(button.dataset.mail));
});
