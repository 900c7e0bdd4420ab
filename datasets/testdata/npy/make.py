# Writes the files of this folder with NumPy 1.24: python3 make.py. Element i of an array, in row-major order, is
# i - 3, or i + 250 for unsigned integers, modulo the type's range; a bool is true if i is odd; an f8 is (i - 3) / 4.
import numpy as np


def array(code, *shape):
    n = np.arange(int(np.prod(shape)))
    if code[-2] == 'b':
        n = n % 2
    elif code[-2] == 'u':
        n = n + 250
    elif code[-2:] == 'f8':
        n = (n - 3) / 4
    else:
        n = n - 3
    return n.astype(code).reshape(shape)


for code in ['<f4', '>f4', '<f8', '>f8', '|i1', '<i2', '>i2', '<i4', '>i4', '<i8', '>i8', '|u1', '<u2', '>u2', '<u4', '<u8', '>u8', '|b1']:
    np.save(code.replace('<', 'le-').replace('>', 'be-').replace('|', '') + '.npy', array(code, 2, 3))
np.save('vector.npy', array('<f4', 5))
np.save('one.npy', array('<f4', 1))
np.save('scalar.npy', array('<f8').reshape(()))
np.save('fortran.npy', np.asfortranarray(array('<f4', 2, 3, 4, 5)))
np.save('fortran-be.npy', np.asfortranarray(array('>i4', 3, 1, 2)))
for version in [(2, 0), (3, 0)]:
    with open('version%d.npy' % version[0], 'wb') as f:
        np.lib.format.write_array(f, array('<f4', 2, 3), version)
np.save('complex.npy', array('<c8', 2))
np.save('half.npy', array('<f2', 2))
np.save('text.npy', np.array(['a', 'b']))
np.save('fields.npy', np.zeros(2, dtype=[('a', '<f4'), ('b', '<i4')]))
np.save('object.npy', np.array([None, 1], dtype=object), allow_pickle=True)
np.save('empty.npy', np.zeros((0, 3), '<f4'))
np.savez('arrays.npz', x=array('<f4', 2, 3), y=np.asfortranarray(array('<i8', 3, 4)), **{'a/b': array('|u1', 7)})
np.savez_compressed('packed.npz', x=array('<f4', 2, 3), y=array('<i8', 3, 4), **{'a/b': array('|u1', 7)})
