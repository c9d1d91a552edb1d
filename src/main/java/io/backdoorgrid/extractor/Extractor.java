package io.backdoorgrid.extractor;

/**
 * Where the feature extractor comes from that some training defenses begin with. Implementations
 * are records whose components are hyperparameters.
 *
 * <p>Sealed along what an extractor has seen. One that was pretrained elsewhere (a TorchScript or
 * safetensors file) will be a third kind.
 */
public sealed interface Extractor permits SelfSupervised, Supervised {}
