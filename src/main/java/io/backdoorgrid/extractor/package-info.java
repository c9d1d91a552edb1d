/**
 * Feature extractors that do not use the labels of the untrusted images. They know neither attacks
 * nor defenses.
 */
package io.backdoorgrid.extractor;
