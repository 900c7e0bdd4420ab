#!/usr/bin/python3
"""Writes attention.json: PyTorch's values of attention and of transformer blocks, in float64, with the parameters named and laid
out as package layers has them. Run it in its own folder, with Debian's python3-torch.
"""
import json, torch
from torch import nn

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def pack(t):
    return {"shape": list(t.shape), "data": [float("%.12g" % v) for v in t.detach().flatten().tolist()]}


def attention(prefix, m, cross):
    """The parameters of a MultiheadAttention, each with a function that takes it from a list of values by PyTorch's names."""
    e = m.embed_dim
    def columns(names, rows=slice(None)):
        return lambda v: torch.cat([v(n)[rows].T if v(n).dim() > 1 else v(n)[rows] for n in names], -1)
    out = {"out_weight": columns(["out_proj.weight"]), "out_bias": columns(["out_proj.bias"])}
    if not cross:
        out |= {"weight": columns(["in_proj_weight"]), "bias": columns(["in_proj_bias"])}
    else:
        out |= {"bias": columns(["in_proj_bias"], slice(0, e)), "memory_bias": columns(["in_proj_bias"], slice(e, None))}
        if m._qkv_same_embed_dim:
            out |= {"weight": columns(["in_proj_weight"], slice(0, e)), "memory_weight": columns(["in_proj_weight"], slice(e, None))}
        else:
            out |= {"weight": columns(["q_proj_weight"]), "memory_weight": columns(["k_proj_weight", "v_proj_weight"])}
    return {prefix + k: (m, f) for k, f in out.items()}


def simple(prefix, m, transposed):
    return {prefix + "weight": (m, lambda v: v("weight").T if transposed else v("weight")), prefix + "bias": (m, lambda v: v("bias"))}


def block(m, decoder):
    p = attention("attention/", m.self_attn, False) | simple("attention_norm/", m.norm1, False)
    if decoder:
        p |= attention("cross/", m.multihead_attn, True) | simple("cross_norm/", m.norm2, False)
    p |= simple("perceptron_norm/", m.norm3 if decoder else m.norm2, False)
    return p | simple("inner/", m.linear1, True) | simple("outer/", m.linear2, True)


def case(name, layer, config, m, params, call, x, memory=None, lengths=None, memory_lengths=None):
    for p in m.parameters():
        nn.init.normal_(p, 0, 0.4)
    def padding(n, t):
        return None if n is None else torch.arange(t)[None] >= torch.tensor(n)[:, None]
    x.requires_grad_()
    if memory is not None:
        memory.requires_grad_()
    y = call(x, memory, padding(lengths, x.shape[1]), None if memory is None else padding(memory_lengths, memory.shape[1]))
    dy = torch.randn_like(y)
    if lengths is not None:  # the loss does not see padding
        dy = dy.masked_fill(padding(lengths, x.shape[1])[..., None], 0)
    (y * dy).sum().backward()
    c = dict(name=name, layer=layer, config=config, lengths=lengths, memory_lengths=memory_lengths, input=pack(x), output=pack(y), output_grad=pack(dy), input_grad=pack(x.grad))
    if memory is not None:
        c |= dict(memory=pack(memory), memory_grad=pack(memory.grad))
    c["params"] = {k: pack(f(lambda n: m.get_parameter(n))) for k, (m, f) in params.items()}
    c["param_grads"] = {k: pack(f(lambda n: m.get_parameter(n).grad)) for k, (m, f) in params.items()}
    return c


def future(t):
    return torch.ones(t, t, dtype=torch.bool).triu(1)


def heads(name, config, m, x, memory=None, causal=False, **lengths):
    def call(x, memory, padding, memory_padding):
        over = x if memory is None else memory
        return m(x, over, over, key_padding_mask=padding if memory is None else memory_padding, attn_mask=future(x.shape[1]) if causal else None, need_weights=False)[0]
    return case(name, "MultiHeadAttention", config, m, attention("", m, memory is not None), call, x, memory, **lengths)


def encoder(name, config, m, x, **lengths):
    return case(name, "TransformerEncoder", config, m, block(m, False), lambda x, _, padding, __: m(x, src_key_padding_mask=padding), x, **lengths)


def decoder(name, config, m, x, memory, **lengths):
    def call(x, memory, padding, memory_padding):
        return m(x, memory, tgt_mask=future(x.shape[1]), tgt_key_padding_mask=padding, memory_key_padding_mask=memory_padding)
    return case(name, "TransformerDecoder", config, m, block(m, True), call, x, memory, **lengths)


def settings(**more):
    return dict(d_model=8, nhead=2, dim_feedforward=5, dropout=0.0, batch_first=True) | more


R = torch.randn
cases = [
    heads("another sequence, padding", dict(heads=2), nn.MultiheadAttention(8, 2, batch_first=True), R(2, 3, 8), R(2, 5, 8), memory_lengths=[5, 2]),
    heads("another sequence, other features", dict(heads=3), nn.MultiheadAttention(6, 3, kdim=4, vdim=4, batch_first=True), R(2, 4, 6), R(2, 3, 4)),
    heads("another sequence, causal", dict(heads=2, causal=True), nn.MultiheadAttention(4, 2, batch_first=True), R(2, 3, 4), R(2, 3, 4), causal=True),
    heads("itself, causal, padding", dict(heads=2, causal=True), nn.MultiheadAttention(8, 2, batch_first=True), R(3, 4, 8), causal=True, lengths=[4, 1, 3]),
    encoder("encoder, pre-norm, padding", dict(heads=2, width=5), nn.TransformerEncoderLayer(**settings(activation="gelu", norm_first=True)).train(), R(2, 4, 8), lengths=[2, 4]),
    encoder("encoder, post-norm", dict(heads=2, width=5, post_norm=True, relu=True), nn.TransformerEncoderLayer(**settings()).train(), R(2, 3, 8)),
    decoder("decoder, pre-norm", dict(heads=2, width=5), nn.TransformerDecoderLayer(**settings(activation="gelu", norm_first=True)).train(), R(2, 4, 8), R(2, 3, 8)),
    decoder("decoder, post-norm, padding", dict(heads=2, width=5, post_norm=True, relu=True), nn.TransformerDecoderLayer(**settings()).train(), R(2, 4, 8), R(2, 5, 8), lengths=[4, 2], memory_lengths=[1, 5]),
]
with open("attention.json", "w") as f:
    f.write(json.dumps({"generator": "golden_attention.py, PyTorch " + torch.__version__, "cases": cases}) + "\n")
