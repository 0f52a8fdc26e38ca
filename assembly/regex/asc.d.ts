// For editors: what only a module that counts steps has.

declare const REGEX_STEPS: bool;
