# TorchScript as libtorch reads it from an archive: what Ops.java calls. Types are spelled 6 = float32,
# 7 = float64, 15 = bfloat16.
class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def images_float32(self: __torch__.Ops, pixels: Tensor, mean: Tensor, scale: Tensor) -> Tensor:
    return torch.permute(torch.mul(torch.sub(torch.to(pixels, 6), mean), scale), [0, 3, 1, 2])

  def images_bfloat16(self: __torch__.Ops, pixels: Tensor, mean: Tensor, scale: Tensor) -> Tensor:
    x = torch.mul(torch.sub(torch.to(pixels, 6), mean), scale)
    return torch.permute(torch.to(x, 15), [0, 3, 1, 2])

  def conv(self: __torch__.Ops, x: Tensor, w: Tensor, stride: Tensor) -> Tensor:
    return (self).padded_conv(x, w, None, stride, )

  def padded_conv(self: __torch__.Ops, x: Tensor, w: Tensor, bias: Optional[Tensor], stride: Tensor) -> Tensor:
    s = int(stride)
    size = torch.size(w, 2)
    k = torch.floordiv(torch.sub(size, 1), 2)
    if torch.eq(torch.remainder(size, 2), 0):
      padded = torch.constant_pad_nd(x, [0, 1, 0, 1])
    else:
      padded = x
    # In channels-last memory, the weight gradient of a 1x1 kernel whose channels are no multiple of 16 writes
    # beyond its buffer on several threads; with 3x3 kernels (k = 1) the remainders never exceed 32.
    narrow = torch.add(torch.remainder(torch.size(w, 0), 16), torch.remainder(torch.size(w, 1), 16))
    if torch.gt(narrow, torch.mul(k, 32)):
      x0 = torch.contiguous(padded, memory_format=0)
    else:
      x0 = padded
    if torch.__is__(bias, None):
      y = torch.conv2d(x0, torch.type_as(w, x), None, [s, s], [k, k], [1, 1], 1)
    else:
      bias0 = unchecked_cast(Tensor, bias)
      y = torch.conv2d(x0, torch.type_as(w, x), torch.type_as(bias0, x), [s, s], [k, k], [1, 1], 1)
    return y

  def biased_conv(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, stride: Tensor) -> Tensor:
    return (self).padded_conv(x, w, b, stride, )

  def biased_conv_relu(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, stride: Tensor) -> Tensor:
    return torch.relu_((self).padded_conv(x, w, b, stride, ))

  def biased_conv_add_relu(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, stride: Tensor, shortcut: Tensor) -> Tensor:
    return torch.relu_(torch.add_((self).padded_conv(x, w, b, stride, ), shortcut))

  def enlarge(self: __torch__.Ops, x: Tensor, like: Tensor) -> Tensor:
    larger = torch.upsample_nearest2d(torch.contiguous(x, memory_format=2), [torch.size(like, 2), torch.size(like, 3)])
    return torch.type_as(torch.expand(larger, [torch.size(like, 0), -1, -1, -1]), like)

  def conv_backward(self: __torch__.Ops, x: Tensor, w: Tensor, dy: Tensor, stride: Tensor) -> Tensor:
    return (self).masked_conv_backward(x, w, dy, stride, True, )

  def conv_backward_kernels(self: __torch__.Ops, x: Tensor, w: Tensor, dy: Tensor, stride: Tensor) -> Tensor:
    return (self).masked_conv_backward(x, w, dy, stride, False, )

  def masked_conv_backward(self: __torch__.Ops, x: Tensor, w: Tensor, dy: Tensor, stride: Tensor, images: bool) -> Tensor:
    s = int(stride)
    k = torch.floordiv(torch.size(w, 2), 2)
    # As in padded_conv.
    narrow = torch.add(torch.remainder(torch.size(w, 0), 16), torch.remainder(torch.size(w, 1), 16))
    if torch.gt(narrow, torch.mul(k, 32)):
      x0 = torch.contiguous(x, memory_format=0)
    else:
      x0 = x
    dx, dw, db, = torch.convolution_backward(dy, x0, torch.type_as(w, x), None, [s, s], [k, k], [1, 1], False, [0, 0], 1, [images, True, False])
    return torch.type_as(dw, w)

  def cast_float32(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def cast_bfloat16(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 15)

  def matrix_product(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.matmul(x, y)

  def norm(self: __torch__.Ops, x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, momentum: Tensor) -> Tensor:
    return torch.batch_norm(x, gamma, beta, mean, var, True, float(momentum), 1e-05, True)

  def norm_relu(self: __torch__.Ops, x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, momentum: Tensor) -> Tensor:
    return torch.relu_((self).norm(x, gamma, beta, mean, var, momentum, ))

  def norm_add_relu(self: __torch__.Ops, x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, momentum: Tensor, shortcut: Tensor) -> Tensor:
    return torch.relu_(torch.add_((self).norm(x, gamma, beta, mean, var, momentum, ), shortcut))

  def norm_eval(self: __torch__.Ops, x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    return torch.batch_norm(x, gamma, beta, mean, var, False, 0., 1e-05, True)

  def norm_relu_eval(self: __torch__.Ops, x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    return torch.relu_((self).norm_eval(x, gamma, beta, mean, var, ))

  def kernels(self: __torch__.Ops, w: Tensor, gamma: Tensor, var: Tensor) -> Tensor:
    return torch.mul(w, torch.view((self).factors(gamma, var, ), [-1, 1, 1, 1]))

  def shift(self: __torch__.Ops, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    return torch.sub(beta, torch.mul(mean, (self).factors(gamma, var, )))

  def factors(self: __torch__.Ops, gamma: Tensor, var: Tensor) -> Tensor:
    return torch.mul(gamma, torch.rsqrt(torch.add(var, 1e-05)))

  def folded_conv(self: __torch__.Ops, x: Tensor, w: Tensor, stride: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    return (self).biased_conv(x, (self).kernels(w, gamma, var, ), (self).shift(gamma, beta, mean, var, ), stride, )

  def folded_conv_relu(self: __torch__.Ops, x: Tensor, w: Tensor, stride: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    return torch.relu_((self).folded_conv(x, w, stride, gamma, beta, mean, var, ))

  def folded_conv_add_relu(self: __torch__.Ops, x: Tensor, w: Tensor, stride: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, shortcut: Tensor) -> Tensor:
    return torch.relu_(torch.add_((self).folded_conv(x, w, stride, gamma, beta, mean, var, ), shortcut))

  def add(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, y)

  def scaled(self: __torch__.Ops, x: Tensor, factor: Tensor) -> Tensor:
    return torch.mul(x, float(factor))

  def stepped(self: __torch__.Ops, x: Tensor, slope: Tensor, centre: Tensor) -> Tensor:
    y = torch.tanh(torch.mul(torch.sub(x, float(centre)), float(slope)))
    return torch.add(torch.mul(y, 0.5), 0.5)

  def pool(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.mean(x, [2, 3])

  def max_pool(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.max_pool2d(x, [2, 2], [2, 2])

  def doubled(self: __torch__.Ops, x: Tensor) -> Tensor:
    size = [torch.mul(torch.size(x, 2), 2), torch.mul(torch.size(x, 3), 2)]
    return torch.upsample_bilinear2d(x, size, False)

  def linear(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.to(torch.linear(x, torch.type_as(w, x), torch.type_as(b, x)), 6)

  def relu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.relu(x)

  def replace(self: __torch__.Ops, x: Tensor, mask: Tensor, y: Tensor) -> Tensor:
    return torch.where(mask, torch.type_as(y, x), x)

  def sigmoid(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.sigmoid(torch.to(x, 6))

  def rows(self: __torch__.Ops, x: Tensor, positions: Tensor) -> Tensor:
    return torch.index_select(x, 0, positions)

  def cross_entropy(self: __torch__.Ops, logits: Tensor, labels: Tensor, smoothing: Tensor) -> Tensor:
    return torch.cross_entropy_loss(logits, labels, None, 1, -100, float(smoothing))

  def cross_entropies(self: __torch__.Ops, logits: Tensor, labels: Tensor) -> Tensor:
    return torch.cross_entropy_loss(logits, labels, None, 0, -100, 0.)

  def binary_cross_entropy(self: __torch__.Ops, logits: Tensor, bits: Tensor) -> Tensor:
    return torch.binary_cross_entropy_with_logits(logits, bits)

  def mean_squared_error(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.mse_loss(x, y)

  def nt_xent(self: __torch__.Ops, views: Tensor, temperature: Tensor) -> Tensor:
    norms = torch.linalg_vector_norm(views, 2, [1], True)
    h = torch.div(views, torch.clamp_min(norms, 1e-12))
    similarities = torch.div(torch.mm(h, torch.t(h)), float(temperature))
    # No view is its own rival: e^-1e9 is 0, and no gradient passes.
    rivals = torch.logsumexp(torch.fill_diagonal_(similarities, -1e9), [1])
    n = torch.floordiv(torch.size(h, 0), 2)
    pairs = torch.sum(torch.mul(torch.slice(h, 0, 0, n), torch.slice(h, 0, n)), [1])
    return torch.sub(torch.mean(rivals), torch.div(torch.mean(pairs), float(temperature)))

  def moments(self: __torch__.Ops, maps: Tensor) -> Tensor:
    x = torch.to(maps, 7)
    return torch.stack([torch.sum(x, [0, 2, 3]), torch.sum(torch.mul(x, x), [0, 2, 3])])

  def maxima(self: __torch__.Ops, maps: Tensor) -> Tensor:
    return torch.to(torch.amax(maps, [2, 3]), 6)

  def attention(self: __torch__.Ops, maps: Tensor) -> Tensor:
    x = torch.to(maps, 6)
    q = torch.flatten(torch.sum(torch.mul(x, x), [1]), 1)
    return torch.div(q, torch.add(torch.linalg_vector_norm(q, 2, [1], True), 1e-06))

  def divergence(self: __torch__.Ops, teacher: Tensor, student: Tensor, temperature: Tensor) -> Tensor:
    t = float(temperature)
    log_p = torch.log_softmax(torch.div(teacher, t), 1)
    log_q = torch.log_softmax(torch.div(student, t), 1)
    return torch.mean(torch.sum(torch.mul(torch.exp(log_p), torch.sub(log_p, log_q)), [1]))

  def jensen_shannon(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    p = torch.softmax(x, 1)
    q = torch.softmax(y, 1)
    m = torch.log(torch.clamp_min(torch.mul(torch.add(p, q), 0.5), 1e-12))
    of_p = torch.sum(torch.mul(p, torch.sub(torch.log_softmax(x, 1), m)), [1])
    of_q = torch.sum(torch.mul(q, torch.sub(torch.log_softmax(y, 1), m)), [1])
    return torch.mul(torch.add(of_p, of_q), 0.5)

  def shared(self: __torch__.Ops, logits: Tensor, others: Tensor, labels: Tensor) -> Tensor:
    y = torch.argmax(logits, 1)
    return torch.logical_and(torch.eq(y, torch.argmax(others, 1)), torch.ne(y, labels))

  def shared_count(self: __torch__.Ops, logits: Tensor, others: Tensor, labels: Tensor) -> Tensor:
    return torch.sum(torch.to((self).shared(logits, others, labels, ), 6))

  def unmoved(self: __torch__.Ops, logits: Tensor, labels: Tensor) -> Tensor:
    losses = (self).cross_entropies(logits, labels, )
    return torch.sum(torch.mul(losses, torch.type_as(torch.eq(torch.argmax(logits, 1), labels), losses)))

  def shared_loss(self: __torch__.Ops, logits: Tensor, others: Tensor, labels: Tensor, adversarial: Tensor, shared: Tensor) -> Tensor:
    n = torch.size(logits, 0)
    both = torch.add((self).unmoved(logits, labels, ), (self).unmoved(others, labels, ))
    apart = torch.type_as(torch.logical_not((self).shared(logits, others, labels, )), logits)
    divergence = torch.sum(torch.mul((self).jensen_shannon(logits, others, ), apart))
    loss = torch.sub(torch.mul(divergence, float(shared)), torch.mul(both, torch.mul(float(adversarial), 0.5)))
    return torch.div(loss, n)

  def avoidance(self: __torch__.Ops, logits: Tensor, others: Tensor, labels: Tensor) -> Tensor:
    wrong = torch.argmax(others, 1)
    p = torch.squeeze(torch.gather(torch.softmax(logits, 1), 1, torch.unsqueeze(wrong, 1)), 1)
    losses = torch.neg(torch.log(torch.clamp_min(torch.sub(torch.ones_like(p), p), 1e-06)))
    misled = torch.type_as(torch.ne(wrong, labels), losses)
    return torch.div(torch.sum(torch.mul(losses, misled)), torch.size(logits, 0))

  def centre_similarity(self: __torch__.Ops, features: Tensor, labels: Tensor, classes: Tensor) -> Tensor:
    members = torch.type_as(torch.one_hot(labels, int(classes)), features)
    counts = torch.unsqueeze(torch.clamp_min(torch.sum(members, [0]), 1.), 1)
    centres = torch.div(torch.mm(torch.t(members), features), counts)
    h = torch.div(centres, torch.clamp_min(torch.linalg_vector_norm(centres, 2, [1], True), 1e-12))
    return torch.mean(torch.fill_diagonal_(torch.mm(h, torch.t(h)), 0.))

  def predictions(self: __torch__.Ops, logits: Tensor) -> Tensor:
    return torch.argmax(logits, 1)

  def euclidean_norms(self: __torch__.Ops, ws: List[Tensor]) -> Tensor:
    norms = annotate(List[Tensor], [])
    for i in range(torch.len(ws)):
      _0 = torch.append(norms, torch.linalg_vector_norm(torch.flatten(ws[i], 1), 2, [1]))
    return torch.cat(norms)

  def scale_rows(self: __torch__.Ops, xs: List[Tensor], counts: List[int], rows: Tensor, factors: Tensor) -> Tensor:
    from_ = 0
    for i in range(torch.len(xs)):
      n = counts[i]
      its = torch.narrow(rows, 0, from_, n)
      flat = torch.view(xs[i], [torch.size(xs[i], 0), -1])
      scaled = torch.mul(torch.index_select(flat, 0, its), torch.view(torch.narrow(factors, 0, from_, n), [-1, 1]))
      _0 = torch.index_copy_(flat, 0, its, scaled)
      from_ = torch.add(from_, n)
    return factors

  def spectral_norms(self: __torch__.Ops, w: Tensor) -> Tensor:
    b = torch.flatten(w, 2)
    # A GPU gains nothing on matrices this small, and the CPU gives every device the same eigenvalues.
    grams = torch.to(torch.bmm(torch.transpose(b, 1, 2), b), torch.device("cpu"), 7)
    sums = torch.sum(grams, [1, 2])
    # The solver refuses what is not finite: such a matrix counts as 0, and 0 times its sum is NaN.
    broken = torch.logical_not(torch.isfinite(sums))
    solvable = torch.masked_fill(grams, torch.view(broken, [-1, 1, 1]), 0.)
    eigenvalues = torch.select(torch.linalg_eigvalsh(solvable), 1, -1)
    return torch.add(torch.sqrt(torch.clamp_min(eigenvalues, 0.)), torch.mul(sums, 0.))

  def gradients(self: __torch__.Ops, loss: Tensor, xs: List[Tensor]) -> List[Tensor]:
    gs = torch.autograd.grad([loss], xs, None, None, False, False)
    out = annotate(List[Tensor], [])
    for i in range(torch.len(gs)):
      # Kernel gradients come channels-last, as the images lie; the fused update walks memory without strides.
      _0 = torch.append(out, torch.contiguous(unchecked_cast(Tensor, gs[i])))
    return out

  def differentiable_gradients(self: __torch__.Ops, y: Tensor, xs: List[Tensor]) -> List[Tensor]:
    return (self).or_zeros(torch.autograd.grad([y], xs, None, None, True, True), xs, )

  def vector_jacobian_products(self: __torch__.Ops, ys: List[Tensor], vs: List[Tensor], xs: List[Tensor]) -> List[Tensor]:
    weights = annotate(List[Optional[Tensor]], [])
    for i in range(torch.len(vs)):
      _0 = torch.append(weights, vs[i])
    products = (self).or_zeros(torch.autograd.grad(ys, xs, weights, True, False, True), xs, )
    out = annotate(List[Tensor], [])
    for i in range(torch.len(products)):
      _0 = torch.append(out, torch.contiguous(products[i]))
    return out

  def or_zeros(self: __torch__.Ops, gs: List[Optional[Tensor]], xs: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      g = gs[i]
      if torch.__is__(g, None):
        _0 = torch.append(out, torch.zeros_like(xs[i]))
      else:
        _0 = torch.append(out, unchecked_cast(Tensor, g))
    return out

  def sgd(self: __torch__.Ops, ws: List[Tensor], gs: List[Tensor], ms: List[Tensor], lr: float, momentum: float, decay: float, nesterov: bool, first: bool) -> Tensor:
    torch._fused_sgd_(ws, gs, ms, weight_decay=decay, momentum=momentum, lr=lr, dampening=0., nesterov=nesterov, maximize=False, is_first_step=first)
    return ws[0]

  def adam(self: __torch__.Ops, ws: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], step: Tensor, lr: float, beta1: float, beta2: float, eps: float) -> Tensor:
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(ws)):
      _0 = torch.append(steps, step)
    torch._fused_adam_(ws, gs, ms, vs, annotate(List[Tensor], []), steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=0., eps=eps, amsgrad=False, maximize=False)
    return ws[0]

  def lerp(self: __torch__.Ops, averages: List[Tensor], ws: List[Tensor], weight: float) -> Tensor:
    for i in range(torch.len(ws)):
      _0 = torch.lerp_(averages[i], ws[i], weight)
    return averages[0]
