import fc from 'fast-check';
import { PROPERTY_SEED } from './propertyRuns';

/** Loaded before each test file: properties grow from this seed unless they name another. */
fc.configureGlobal({ seed: PROPERTY_SEED });
