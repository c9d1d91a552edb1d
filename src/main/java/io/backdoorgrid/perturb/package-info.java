/**
 * Changes to images that mislead a network, for attacks and defenses alike: gradient steps in a
 * box, DeepFool, universal perturbations, and marks within a stencil. It sees networks and images,
 * not who perturbs them.
 */
package io.backdoorgrid.perturb;
