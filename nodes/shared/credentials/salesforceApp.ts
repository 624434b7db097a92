import type { INodeProperties } from 'n8n-workflow';
import { whereFrom } from './credentialFields';

/** What the window of a Salesforce credential says at its top: the app that all ways to sign in need, what this way wants of it, and the user. */
export const salesforceApp = (way: string): INodeProperties =>
	whereFrom(
		`In Salesforce open <b>Setup &gt; External Client App Manager</b> and make an app with OAuth and the scopes <b>Manage user data via APIs (api)</b> and <b>Perform requests at any time (refresh_token)</b>. ${way} The consumer key and secret are under <b>Settings &gt; OAuth Settings</b> of the app. The user needs the permission <b>API Enabled</b> and read access to the contacts or leads.`,
	);
