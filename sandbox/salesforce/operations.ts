import { z } from 'zod';
import type { Operations } from '../engine';
import { adminOperations } from './adminOperations';
import type { Account } from './api';
import { convertLead, merge } from './records/lifecycle';
import { addPersonAccount, mirrorPerson } from './writes/personAccounts';
import { anyObject, id, operationsOn, stored, values } from './operationShape';
import type { Value } from './schema/fields';

const person = z.enum(['Contact', 'Lead']);
/**
 * What people at work in the organisation do, through `POST /_sandbox/do { op, … }`. Values are not checked against lengths
 * and options; datetimes are ISO texts. A wrong argument is answered 400.
 */
export function salesforceOperations(account: Account): Operations {
	const operation = operationsOn(account);
	const store = () => account.store;
	return {
		addRecord: operation({ object: anyObject, values }, (args) => {
			const object = store().schema.must(args.object).name;
			return { id: store().insert(object, stored(account, object, args.values))['Id'] };
		}),
		changeRecord: operation({ object: anyObject, id, values, automated: z.boolean().optional() }, (args) => {
			const given = stored(account, args.object, args.values);
			const row = store().change(args.object, args.id, given, { automated: args.automated === true });
			mirrorPerson(store(), store().schema.must(args.object).name, row);
		}),
		addPersonAccount: operation({ values }, (args) =>
			addPersonAccount(store(), stored(account, 'Account', args.values)),
		),
		bulkChange: operation({ object: anyObject, ids: z.array(id), values }, (args) => {
			const at = store().now();
			const given = stored(account, args.object, args.values);
			for (const one of args.ids) store().change(args.object, one, given, { at });
		}),
		/** Without an id a new record. Its stamp is that of now, but no query sees it for `afterMs`. */
		commitLate: operation({ object: anyObject, id: id.optional(), values, afterMs: z.number().positive() }, (args) => {
			const object = store().schema.must(args.object).name;
			const given = stored(account, object, args.values);
			store().commitLate(args.afterMs, (at) => {
				if (args.id === undefined) store().insert(object, given, { at });
				else store().change(object, args.id, given, { at });
			});
		}),
		deleteRecord: operation({ object: anyObject, id }, (args) => store().remove(args.object, args.id)),
		undelete: operation({ object: anyObject, id }, (args) => store().undelete(args.object, args.id)),
		purge: operation({ id: id.optional() }, (args) => store().purge(args.id)),
		merge: operation({ object: person, masterId: id, loserIds: z.array(id), values: values.optional() }, (args) =>
			merge(store(), args.object, args.masterId, args.loserIds, stored(account, args.object, args.values ?? {})),
		),
		convertLead: operation({ id, contactId: id.optional(), accountId: id.optional() }, (args) =>
			convertLead(store(), args.id, args),
		),
		addToCampaign: operation(
			{ campaign: id, object: person, ids: z.array(id), status: z.string().optional() },
			(args) => {
				for (const one of args.ids) {
					const row = store().must(args.object, one);
					store().insert('CampaignMember', { CampaignId: store().must('Campaign', args.campaign)['Id'] as Value, [`${args.object}Id`]: row['Id'] as Value, Status: args.status ?? 'Sent' }); // prettier-ignore
				}
			},
		),
		removeFromCampaign: operation({ campaign: id, object: person, ids: z.array(id) }, (args) => {
			for (const one of args.ids) {
				const members = store()
					.table('CampaignMember')
					.having(`${args.object}Id`, store().must(args.object, one)['Id'] as Value);
				const member = members.find((row) => row['CampaignId'] === store().must('Campaign', args.campaign)['Id'] && row['IsDeleted'] === false); // prettier-ignore
				if (member === undefined) throw new Error(`${one} is not in the campaign`);
				store().remove('CampaignMember', member['Id'] as string);
			}
		}),
		openCase: operation({ contactId: id }, (args) => {
			const number = String(store().table('Case').rows.size + 1_026).padStart(8, '0');
			const contact = store().must('Contact', args.contactId)['Id'] as Value;
			return { id: store().insert('Case', { CaseNumber: number, ContactId: contact })['Id'] };
		}),
		createListView: operation(
			{ object: anyObject, label: z.string(), where: z.string(), scope: z.enum(['everything', 'mine']).optional(), columns: z.array(z.string()).optional() }, // prettier-ignore
			(args) => {
				const objectName = store().schema.must(args.object).name;
				const developerName = args.label.replace(/\W+/g, '_');
				const view = { objectName, label: args.label, developerName, where: args.where, scope: args.scope ?? 'everything', columns: args.columns ?? ['Name'], orderBy: 'Name ASC NULLS FIRST', soqlCompatible: true }; // prettier-ignore
				return { id: account.listViews.add(view).id };
			},
		),
		editListView: operation({ id, where: z.string() }, (args) =>
			account.listViews.edit(args.id, { where: args.where }),
		),
		deleteListView: operation({ id }, (args) => account.listViews.delete(args.id)),
		...adminOperations(account),
		expireLocators: operation({}, () => account.cursors.expireAll()),
		expireSessions: operation({}, () => account.sessions.expireAll()),
		/** Every session ends after this many further calls. */
		expireSessionsAfter: operation({ calls: z.number().int().nonnegative() }, (args) => {
			account.sessions.expireAfterCalls = args.calls;
		}),
		setUser: operation(
			{ username: z.string(), apiEnabled: z.boolean().optional(), approved: z.boolean().optional(), active: z.boolean().optional() }, // prettier-ignore
			(args) => {
				const { sessions } = account;
				const userId = sessions.userIdOf(args.username);
				if (userId === undefined) throw new Error(`No user ${args.username}`);
				const name = sessions.usernameOf(userId) as string;
				if (args.apiEnabled !== undefined) sessions.apiDisabled[args.apiEnabled ? 'delete' : 'add'](name);
				if (args.approved !== undefined) sessions.approved[args.approved ? 'add' : 'delete'](name);
				if (args.active !== undefined) store().change('User', userId, { IsActive: args.active });
			},
		),
		setOtherUse: operation({ calls: z.number().int().nonnegative() }, (args) => {
			account.limits.otherUse = args.calls;
		}),
	};
}
