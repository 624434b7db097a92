// Polls the state of the source that is chosen and of Brevo, and shows it.
import { showMails } from './inbox.js';
import { operationsOf, showCampaigns } from './salesforce.js';
import { showChoices, showFormer, showLog, showSide, titleSide } from './tables.js';

const POLL_MS = 1000;
/** The address may name the source, and what is beside it: `#Contact`, `#hubspot/Contact`. */
const [wantedSource, wantedBeside] = location.hash.slice(1).split('/');
const chosen = (name, value) => {
	const inputs = [...document.querySelectorAll(`input[name=${name}]`)];
	const wanted = inputs.find((input) => input.value === value) ?? inputs[0];
	wanted.checked = true;
	return wanted.value;
};
const shown = { source: chosen('source', wantedSource), beside: chosen('beside', wantedBeside) };
const TITLES = { hubspot: 'HubSpot', Contact: 'Salesforce contacts', Lead: 'Salesforce leads', brevo: 'Brevo' };
const status = document.getElementById('status');
const form = document.getElementById('actions');
const isSalesforce = () => shown.source !== 'hubspot';
let last = '';

for (const key of ['source', 'target']) {
	const section = document.getElementById(key);
	section.append(document.getElementById('side').content.cloneNode(true));
	section.querySelector('h2').id = `${key}-title`;
	section.querySelector('select').addEventListener('change', (event) => {
		shown[key === 'source' ? 'list' : 'target'] = event.target.value;
		void poll();
	});
}

document.querySelector('header').addEventListener('change', (event) => {
	shown[event.target.name] = event.target.value;
	delete shown.list;
	delete shown.target;
	choose();
	void poll();
});

/** Titles and the form of the source that is chosen. */
function choose() {
	// A system is not shown beside itself.
	for (const input of document.querySelectorAll('#beside input')) input.disabled = input.value === shown.source;
	if (shown.beside === shown.source) shown.beside = chosen('beside', 'brevo');
	titleSide('source', TITLES[shown.source]);
	titleSide('target', TITLES[shown.beside]);
	document.getElementById('former').hidden = shown.beside !== 'brevo';
	for (const fieldset of form.querySelectorAll('[data-source]'))
		fieldset.hidden = (fieldset.dataset.source === 'salesforce') !== isSalesforce();
	form.querySelector('[data-op=convert]').hidden = shown.source !== 'Lead';
}

async function poll() {
	const asked = `${shown.source}/${shown.beside}`;
	try {
		const { beside, ...others } = shown;
		const query = new URLSearchParams({ limit: '50', ...others, ...(beside === 'brevo' ? {} : { beside }) });
		const reply = await fetch(`/state?${query}`);
		if (!reply.ok) throw new Error(String(reply.status));
		const text = await reply.text();
		if (text === last || asked !== `${shown.source}/${shown.beside}`) return;
		last = text;
		const state = JSON.parse(text);
		for (const key of ['source', 'target']) showSide(key, state[key]);
		for (const names of [
			['person', 'other'],
			['record', 'otherRecord'],
		])
			showChoices(form, names, state.source.contacts);
		if (beside === 'brevo') showChoices(form, ['contact'], state.target.contacts);
		showCampaigns(form, state.source.lists);
		showFormer(state.former);
		showLog(state.log);
		showMails(state.mails);
		const open = state.source.contacts.filter(({ match }) => match !== 'same').length;
		const left = state.former.filter(({ isFine }) => !isFine).length;
		status.textContent = [
			open === 0
				? 'Both sides agree on the members shown.'
				: `${open} of the members shown are missing or differ in ${state.target.system}.`,
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
