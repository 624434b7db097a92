import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonCodesPage } from './reasonCodesPage';

const page = join(__dirname, '../docs/reason-codes.md');
writeFileSync(page, reasonCodesPage());
console.log(`Wrote ${page}`);
