import type { Sandbox } from '../../sandbox/startSandbox';
import type { SourceName } from '../../demo/n8n/importTemplate';
import type { Random } from './random';

/** People at work in the source, in a round on a real n8n. Each returns what it did. */
export type World = (random: Random) => string;

export function worldOf(sandbox: Sandbox, source: SourceName): World {
	return source === 'hubspot' ? hubSpotWorld(sandbox) : salesforceWorld(sandbox, source);
}

function hubSpotWorld({ hubspot, list }: Sandbox): World {
	const { store } = hubspot;
	const gone: number[] = [];
	let edits = 0;
	return (random) => {
		const members = [...store.list(list.id).members.ids()].map(Number);
		const who = random.pick(members);
		switch (random.whole(0, 5)) {
			case 0:
				store.optOut(String(who));
				return `${who} opts out`;
			case 1:
				store.removeFromList(list.id, [who]);
				gone.push(who);
				return `${who} leaves`;
			case 2: {
				const back = gone.pop();
				if (back === undefined) return 'nothing';
				store.addToList(list.id, [back]);
				return `${back} is back`;
			}
			default:
				store.changeContact(String(who), { firstname: `Edit ${++edits}` });
				return `${who} is edited`;
		}
	};
}

function salesforceWorld({ salesforce }: Sandbox, object: 'Contact' | 'Lead'): World {
	const { store } = salesforce;
	let edits = 0;
	return (random) => {
		const rows = [...store.table(object).rows.values()].filter((row) => row['IsDeleted'] === false);
		const id = String(random.pick(rows)['Id']);
		const optsOut = random.chance(0.2);
		store.change(object, id, optsOut ? { HasOptedOutOfEmail: true } : { FirstName: `Edit ${++edits}` });
		return `${id} ${optsOut ? 'opts out' : 'is edited'}`;
	};
}
