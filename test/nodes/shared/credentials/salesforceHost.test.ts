import type { INode, INodeTypes } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { hostExpression, loginHost } from '../../../../nodes/shared/credentials/salesforceHost';

const nodeTypes = { getByNameAndVersion: () => undefined } as unknown as INodeTypes;
const workflow = new Workflow({ id: 'host', nodes: [], connections: {}, active: false, nodeTypes });
const node: INode = { id: '1', name: 'Node', type: 'none', typeVersion: 1, position: [0, 0], parameters: {} };

/** The host that n8n works out for an OAuth2 credential with these fields. */
function inOAuth2(fields: Record<string, string>): unknown {
	const values = { authUrl: hostExpression('/path') };
	const resolved = workflow.expression.getComplexParameterValue(node, values, 'internal', {}, undefined, undefined, fields); // prettier-ignore
	return (resolved as { authUrl: string }).authUrl.replace(/\/path$/, '');
}

describe('where a Salesforce credential signs in', () => {
	it.each([
		['production', '', 'https://login.salesforce.com'],
		['sandbox', '', 'https://test.salesforce.com'],
		['customDomain', 'https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
		['customDomain', '  https://acme.my.salesforce.com/  ', 'https://acme.my.salesforce.com'],
		['customDomain', 'acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
		['customDomain', 'acme--test.sandbox.my.salesforce.com/home', 'https://acme--test.sandbox.my.salesforce.com'],
		['customDomain', 'https://acme.lightning.force.com/lightning/page/home?x=1#y', 'https://acme.my.salesforce.com'],
		['customDomain', 'https://acme.my.salesforce-setup.com/lightning/setup', 'https://acme.my.salesforce.com'],
		['customDomain', 'http://127.0.0.1:5001/', 'http://127.0.0.1:5001'],
		['customDomain', 'http://localhost:5001', 'http://localhost:5001'],
		['customDomain', 'http://[::1]:5001', 'http://[::1]:5001'],
	])('%s, %s: %s, whichever way connects', (environment, myDomainUrl, host) => {
		expect(loginHost({ environment, myDomainUrl })).toEqual({ kind: 'ok', value: host });
		expect(inOAuth2({ environment, myDomainUrl })).toBe(host);
	});

	it.each([
		'',
		'http://acme.my.salesforce.com',
		'http://localhost.example.com',
		'http://localhost:80@example.com',
		'http://127.0.0.1.example.com',
		'https://login.salesforce.com@example.com/',
		'ftp://acme.my.salesforce.com',
		'javascript://alert(1)',
	])('no secret goes to %p', (myDomainUrl) => {
		expect(loginHost({ environment: 'customDomain', myDomainUrl })).toMatchObject({
			code: 'SETTING_INVALID',
			reason: expect.stringContaining("'My Domain URL'") as string,
		});
		expect(inOAuth2({ environment: 'customDomain', myDomainUrl })).toMatch(/^https:\/\/[a-z-]+\.invalid$/);
	});
});
