import type { Router } from 'express';
import type { BrevoAccount } from '../account';

/** GET /account, which draws on the 100 calls an hour of everything outside /contacts. */
export function accountRoutes(router: Router, { settings }: BrevoAccount): void {
	router.get('/account', (_request, response) => {
		const email = settings.accountUsers[0] ?? 'owner@sandbox.example';
		response.json({
			organization_id: settings.organizationId,
			user_id: 1,
			email,
			firstName: 'Sam',
			lastName: 'Sandbox',
			companyName: 'Sandbox Company',
			address: { street: '1 Loopback Lane', city: 'Localhost', zipCode: '12700', country: 'France' },
			plan: [
				{ type: 'free', creditsType: 'sendLimit', credits: 300 },
				{ type: 'sms', creditsType: 'sendLimit', credits: 0 },
			],
			relay: { enabled: true, data: { userName: email, relay: 'smtp-relay.sandbox.example', port: 587 } },
			marketingAutomation: { enabled: false },
		});
	});
}
