import { mailOf } from '../../../core/mail/mail';
import { plainText } from '../quota/messages/plainText';

const ODD = `<b>"A" & 'B'</b>`;

it('every text of a mail is escaped in HTML and left as it is in the text', () => {
	const bar = { label: `label ${ODD}`, share: 0.5, percent: 50, value: `value ${ODD}` };
	const { text, html } = mailOf('Subject', [
		{ kind: 'heading', text: `heading ${ODD}` },
		{ kind: 'text', text: `text ${ODD}` },
		{ kind: 'small', text: `small ${ODD}` },
		{ kind: 'bars', bars: [bar] },
	]);
	expect(html).not.toContain('<b>');
	for (const name of ['heading', 'text', 'small', 'label', 'value']) {
		expect(plainText(html)).toContain(`${name} ${ODD}`);
		expect(text).toContain(`${name} ${ODD}`);
	}
});

it('a bar of text and one of cells show the same share', () => {
	const { text, html } = mailOf('Subject', [{ kind: 'meter', percent: 35 }]);
	expect(text).toBe('[#######.............] 35 %\n');
	expect([...html.matchAll(/width="(\d+)%" height/g)].map(([, width]) => width)).toEqual(['35', '65']);
});
