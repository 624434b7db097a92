// Polls the state of the source that is chosen and of Brevo, and shows it.
import { showMails } from './inbox.js';
import { operationsOf, showCampaigns } from './salesforce.js';
import { showChoices, showFormer, showLog, showSide, titleSide } from './tables.js';

const POLL_MS = 1000;
/** The address may name the source: `#Contact`. */
const kinds = document.querySelectorAll('#kinds input');
const wanted = [...kinds].find(({ value }) => `#${value}` === location.hash) ?? kinds[0];
wanted.checked = true;
const shown = { source: wanted.value };
const status = document.getElementById('status');
const form = document.getElementById('actions');
const isSalesforce = () => shown.source !== 'hubspot';
let last = '';

for (const key of ['source', 'brevo']) {
	const section = document.getElementById(key);
	section.append(document.getElementById('side').content.cloneNode(true));
	section.querySelector('h2').id = `${key}-title`;
	section.querySelector('select').addEventListener('change', (event) => {
		shown[key === 'source' ? 'list' : key] = event.target.value;
		void poll();
	});
}

document.getElementById('kinds').addEventListener('change', (event) => {
	shown.source = event.target.value;
	delete shown.list;
	choose();
	void poll();
});

/** Titles and the form of the source that is chosen. */
function choose() {
	const titles = { hubspot: 'HubSpot', Contact: 'Salesforce contacts', Lead: 'Salesforce leads' };
	titleSide('source', titles[shown.source]);
	titleSide('brevo', 'Brevo');
	for (const fieldset of form.querySelectorAll('[data-source]'))
		fieldset.hidden = (fieldset.dataset.source === 'salesforce') !== isSalesforce();
	form.querySelector('[data-op=convert]').hidden = shown.source !== 'Lead';
}

async function poll() {
	const asked = shown.source;
	try {
		const query = new URLSearchParams({ limit: '50', ...shown });
		const reply = await fetch(`/state?${query}`);
		if (!reply.ok) throw new Error(String(reply.status));
		const text = await reply.text();
		if (text === last || asked !== shown.source) return;
		last = text;
		const state = JSON.parse(text);
		for (const key of ['source', 'brevo']) showSide(key, state[key]);
		for (const names of [
			['person', 'other'],
			['record', 'otherRecord'],
		])
			showChoices(form, names, state.source.contacts);
		showChoices(form, ['contact'], state.brevo.contacts);
		showCampaigns(form, state.source.lists);
		showFormer(state.former);
		showLog(state.log);
		showMails(state.mails);
		const open = state.source.contacts.filter(({ match }) => match !== 'same').length;
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

/** Sends one after the other; returns why one was refused, or nothing. */
async function postAll(url, bodies) {
	for (const body of bodies) {
		const headers = { 'content-type': 'application/json' };
		const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
		if (!reply.ok) return (await reply.json()).message;
	}
	return '';
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('click', async (event) => {
	const { action, op } = event.target.dataset ?? {};
	if (!(action ?? op) || !last) return;
	const { source } = JSON.parse(last);
	const values = Object.fromEntries(new FormData(form));
	document.getElementById('answer').textContent = op
		? await postAll('/salesforce/_sandbox/do', operationsOf(op, shown.source, values, source.contacts))
		: await postAll('/act', [{ ...values, list: source.list?.id, action }]);
	void poll();
});

choose();
await poll();
// What the address names may have moved while the tables filled.
if (location.hash === '#inbox') document.getElementById('inbox').scrollIntoView();
setInterval(() => document.hidden || void poll(), POLL_MS);
