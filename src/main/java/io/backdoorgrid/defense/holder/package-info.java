/**
 * Hölder Pruning and its iteration (HP, HID): heads on features of an extractor, their sensitivity,
 * and semi-supervised training on what is trusted.
 */
package io.backdoorgrid.defense.holder;
