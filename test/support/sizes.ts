/** `npm run test:all` sets it. */
const isAll = process.env.CONTACT_SYNC_TESTS === 'all';

/** How large a test is: in `npm test` large enough to show its rule, in `npm run test:all` as large as things get. */
export const sizeOf = (usual: number, all: number): number => (isAll ? all : usual);

/** Cases of one rule: in `npm test` the first ones, in `npm run test:all` every one. */
export const casesOf = <T>(usual: number, cases: readonly T[]): readonly T[] => (isAll ? cases : cases.slice(0, usual));

/** `describe` of what another test shows too, in another place: only in `npm run test:all`. */
export const describeInAll: (name: string, suite: () => void) => void = isAll ? describe : describe.skip;

/** `it` of what a smaller test shows too: only in `npm run test:all`. */
export const itInAll: jest.It = isAll ? it : it.skip;
